// A command that does one operation many times, and fails when one of them does: io write|read|list|print TIMES
// On files of 1 KB in /data; what it prints is lines of 1 KB.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

static char buffer[1024];

static int writeFile(void) {
  int file = open("/data/a.txt", O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0) return 1;
  int failed = write(file, buffer, sizeof buffer) != sizeof buffer;
  return close(file) || failed;
}

static int readFile(void) {
  int file = open("/data/a.txt", O_RDONLY);
  if (file < 0) return 1;
  int failed = read(file, buffer, sizeof buffer) != sizeof buffer || buffer[1023] != 'x';
  return close(file) || failed;
}

static int list(void) {
  DIR *dir = opendir("/data");
  if (!dir) return 1;
  int found = 0;
  for (struct dirent *entry; (entry = readdir(dir));) found |= !strcmp(entry->d_name, "a.txt");
  return closedir(dir) || !found;
}

static int print(void) { return write(1, buffer, sizeof buffer) != sizeof buffer; }

int main(int argc, char **argv) {
  const char *act = argc > 1 ? argv[1] : "";
  int times = argc > 2 ? atoi(argv[2]) : 0, failed = 0;
  memset(buffer, 'x', sizeof buffer);
  for (int i = 0; i < times && !failed; i++) {
    failed = !strcmp(act, "write") ? writeFile() : !strcmp(act, "read") ? readFile() : !strcmp(act, "list") ? list() : !strcmp(act, "print") ? print() : 1;
  }
  return failed;
}
