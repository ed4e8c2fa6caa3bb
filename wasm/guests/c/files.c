// A tool over files by the C library, as any program compiled from C uses it:
//   files ls DIR | find DIR | cat FILE... | put FILE TEXT | append FILE TEXT | cp FROM TO | mv FROM TO | mkdir DIR | rm PATH | pwd
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *path) {
  fprintf(stderr, "files: %s: %s\n", path, strerror(errno));
  return 1;
}

static int byName(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int walk(const char *path, int deep) {
  DIR *dir = opendir(path);
  if (!dir) return fail(path);
  char **names = 0;
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    names = realloc(names, (count + 1) * sizeof *names);
    names[count++] = strdup(entry->d_name);
  }
  closedir(dir);
  if (count) qsort(names, count, sizeof *names, byName);
  int failed = 0;
  for (size_t i = 0; i < count; i++) {
    char *full = malloc(strlen(path) + strlen(names[i]) + 2);
    struct stat about;
    sprintf(full, "%s/%s", path, names[i]);
    if (lstat(full, &about)) failed |= fail(full);
    else {
      printf("%s%s\n", deep ? full : names[i], S_ISDIR(about.st_mode) ? "/" : S_ISLNK(about.st_mode) ? "@" : "");
      if (deep && S_ISDIR(about.st_mode)) failed |= walk(full, 1);
    }
    free(full);
    free(names[i]);
  }
  free(names);
  return failed;
}

static int copy(FILE *from, FILE *to) {
  char buffer[16384];
  for (size_t count; (count = fread(buffer, 1, sizeof buffer, from));)
    if (fwrite(buffer, 1, count, to) != count) return 1;
  return ferror(from) || fflush(to);
}

static int copyFile(const char *from, const char *to) {
  FILE *input = fopen(from, "r");
  if (!input) return fail(from);
  FILE *output = to ? fopen(to, "w") : stdout;
  if (!output) return fclose(input), fail(to);
  int failed = copy(input, output) ? fail(to ? to : from) : 0;
  fclose(input);
  if (to && fclose(output)) failed = fail(to);
  return failed;
}

static int put(const char *path, const char *mode, const char *text) {
  FILE *output = fopen(path, mode);
  if (!output) return fail(path);
  int failed = fputs(text, output) < 0 || fflush(output) ? fail(path) : 0;
  return fclose(output) ? fail(path) : failed;
}

int main(int argc, char **argv) {
  const char *act = argc > 1 ? argv[1] : "", *path = argc > 2 ? argv[2] : "", *other = argc > 3 ? argv[3] : "";
  int failed = 0;
  if (!strcmp(act, "ls")) return walk(path, 0);
  if (!strcmp(act, "find")) return walk(path, 1);
  if (!strcmp(act, "cat")) {
    for (int i = 2; i < argc; i++) failed |= copyFile(argv[i], 0);
    return failed;
  }
  if (!strcmp(act, "put")) return put(path, "w", other);
  if (!strcmp(act, "append")) return put(path, "a", other);
  if (!strcmp(act, "cp")) return copyFile(path, other);
  if (!strcmp(act, "mv")) return rename(path, other) ? fail(path) : 0;
  if (!strcmp(act, "mkdir")) return mkdir(path, 0777) ? fail(path) : 0;
  if (!strcmp(act, "rm")) return remove(path) ? fail(path) : 0;
  if (!strcmp(act, "pwd")) {
    char *cwd = getcwd(0, 0);
    return cwd ? puts(cwd) < 0 : fail(".");
  }
  fprintf(stderr, "files: no act \"%s\"\n", act);
  return 2;
}
