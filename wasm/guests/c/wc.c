// Counts lines, words and bytes of its input, or of the files its arguments name: wc [-l|-w|-c] [FILE...]
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int count(FILE *input, char what, const char *name) {
  unsigned long lines = 0, words = 0, bytes = 0;
  int inWord = 0, next;
  while ((next = getc(input)) != EOF) {
    bytes++;
    if (next == '\n') lines++;
    if (isspace(next)) inWord = 0;
    else if (!inWord) { inWord = 1; words++; }
  }
  if (ferror(input)) { fprintf(stderr, "wc: %s: %s\n", name, strerror(errno)); return 1; }
  if (what == 0) printf("%lu %lu %lu", lines, words, bytes);
  else printf("%lu", what == 'l' ? lines : what == 'w' ? words : bytes);
  printf(*name ? " %s\n" : "\n", name);
  return 0;
}

int main(int argc, char **argv) {
  int at = 1, failed = 0;
  char what = 0;
  if (at < argc && argv[at][0] == '-' && strchr("lwc", argv[at][1]) && argv[at][1]) what = argv[at++][1];
  if (at == argc) return count(stdin, what, "");
  for (; at < argc; at++) {
    FILE *input = fopen(argv[at], "r");
    if (!input) { fprintf(stderr, "wc: %s: %s\n", argv[at], strerror(errno)); failed = 1; continue; }
    failed |= count(input, what, argv[at]);
    fclose(input);
  }
  return failed;
}
