// Does what its arguments say, one step each, by the bare functions of WASI preview 1, and prints what came of every
// step: libc would refuse some of them before the host is asked.
//
//   open H D MODE PATH     opens PATH below D as H; MODE: r w a(ppend) c(reate) x(clusive) t(runcate) d(irectory) f(ollow)
//   read H | write H TEXT | trunc H SIZE | list H | close H
//   stat D PATH | lstat D PATH | readlink D PATH | mkdir D PATH | rmdir D PATH | unlink D PATH
//   rename D PATH D PATH | link D PATH D PATH | symlink TARGET D PATH
//   race N D PATH TEXT     opens and reads N times; says how often the contents began with TEXT
//
// H and D are digits; the mounts are 0, 1, ... in their order.
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

static __wasi_fd_t handles[10];

static void put(const char *text, size_t length) {
  __wasi_ciovec_t part = {(const uint8_t *)text, length};
  __wasi_size_t written;
  (void)__wasi_fd_write(1, &part, 1, &written);
}

static void say(const char *text) { put(text, strlen(text)); }

static void sayNumber(unsigned number) {
  char digits[12];
  int at = sizeof digits;
  do digits[--at] = '0' + number % 10; while (number /= 10);
  put(digits + at, sizeof digits - at);
}

static const struct { __wasi_errno_t code; const char *name; } NAMES[] = {
  {__WASI_ERRNO_SUCCESS, "ok"}, {__WASI_ERRNO_ACCES, "acces"}, {__WASI_ERRNO_BADF, "badf"}, {__WASI_ERRNO_BUSY, "busy"}, {__WASI_ERRNO_EXIST, "exist"},
  {__WASI_ERRNO_INVAL, "inval"}, {__WASI_ERRNO_IO, "io"}, {__WASI_ERRNO_ISDIR, "isdir"}, {__WASI_ERRNO_LOOP, "loop"}, {__WASI_ERRNO_NOENT, "noent"},
  {__WASI_ERRNO_NOTDIR, "notdir"}, {__WASI_ERRNO_NOTEMPTY, "notempty"}, {__WASI_ERRNO_NOTSUP, "notsup"}, {__WASI_ERRNO_PERM, "perm"}, {__WASI_ERRNO_ROFS, "rofs"},
  {__WASI_ERRNO_XDEV, "xdev"}, {__WASI_ERRNO_NOTCAPABLE, "notcapable"}, {__WASI_ERRNO_ILSEQ, "ilseq"}, {__WASI_ERRNO_NAMETOOLONG, "nametoolong"},
};

static void sayError(__wasi_errno_t code) {
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
    if (NAMES[i].code == code) { say(NAMES[i].name); return; }
  say("errno ");
  sayNumber(code);
}

static __wasi_errno_t readSome(__wasi_fd_t fd, uint8_t *buffer, size_t size, __wasi_size_t *count) {
  __wasi_iovec_t part = {buffer, size};
  return __wasi_fd_pread(fd, &part, 1, 0, count);
}

static __wasi_errno_t openAt(__wasi_fd_t dir, const char *mode, const char *path, __wasi_fd_t *opened) {
  __wasi_oflags_t flags = 0;
  __wasi_rights_t rights = 0;
  __wasi_fdflags_t how = 0;
  if (strchr(mode, 'c')) flags |= __WASI_OFLAGS_CREAT;
  if (strchr(mode, 'x')) flags |= __WASI_OFLAGS_EXCL;
  if (strchr(mode, 't')) flags |= __WASI_OFLAGS_TRUNC;
  if (strchr(mode, 'd')) flags |= __WASI_OFLAGS_DIRECTORY;
  if (strchr(mode, 'r')) rights |= __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_READDIR;
  if (strchr(mode, 'w') || strchr(mode, 'a')) rights |= __WASI_RIGHTS_FD_WRITE;
  if (strchr(mode, 'a')) how |= __WASI_FDFLAGS_APPEND;
  return __wasi_path_open(dir, strchr(mode, 'f') ? __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW : 0, path, flags, rights, rights, how, opened);
}

static void list(__wasi_fd_t dir) {
  uint8_t buffer[4096];
  __wasi_size_t used;
  __wasi_errno_t error = __wasi_fd_readdir(dir, buffer, sizeof buffer, 0, &used);
  sayError(error);
  if (error) return;
  for (size_t at = 0; at + sizeof(__wasi_dirent_t) <= used;) {
    __wasi_dirent_t entry;
    memcpy(&entry, buffer + at, sizeof entry);
    at += sizeof entry;
    if (at + entry.d_namlen > used) break;
    say(" ");
    put((const char *)buffer + at, entry.d_namlen);
    at += entry.d_namlen;
  }
}

static __wasi_fd_t handle(const char *name) { return handles[(*name - '0') % 10]; }

static void race(int times, __wasi_fd_t dir, const char *path, const char *text) {
  unsigned found = 0;
  for (int i = 0; i < times; i++) {
    __wasi_fd_t fd;
    uint8_t buffer[64];
    __wasi_size_t count = 0;
    if (openAt(dir, "rf", path, &fd)) continue;
    if (!readSome(fd, buffer, sizeof buffer, &count) && count >= strlen(text) && !memcmp(buffer, text, strlen(text))) found++;
    (void)__wasi_fd_close(fd);
  }
  say("found ");
  sayNumber(found);
}

static void step(char **word, int words) {
  const char *name = word[0];
#define IS(text, count) (!strcmp(name, text) && words == (count))
  if (IS("open", 5)) {
    __wasi_fd_t fd;
    __wasi_errno_t error = openAt(handle(word[2]), word[3], word[4], &fd);
    if (!error) handles[(*word[1] - '0') % 10] = fd;
    sayError(error);
  } else if (IS("read", 2)) {
    uint8_t buffer[64];
    __wasi_size_t count;
    __wasi_errno_t error = readSome(handle(word[1]), buffer, sizeof buffer, &count);
    sayError(error);
    if (!error) { say(" "); put((const char *)buffer, count); }
  } else if (IS("write", 3)) {
    __wasi_ciovec_t part = {(const uint8_t *)word[2], strlen(word[2])};
    __wasi_size_t count;
    sayError(__wasi_fd_write(handle(word[1]), &part, 1, &count));
  } else if (IS("trunc", 3)) sayError(__wasi_fd_filestat_set_size(handle(word[1]), strtoull(word[2], 0, 10)));
  else if (IS("list", 2)) list(handle(word[1]));
  else if (IS("close", 2)) sayError(__wasi_fd_close(handle(word[1])));
  else if (IS("stat", 3) || IS("lstat", 3)) {
    __wasi_filestat_t about;
    __wasi_errno_t error = __wasi_path_filestat_get(handle(word[1]), *name == 's' ? __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW : 0, word[2], &about);
    sayError(error);
    if (!error) { say(" "); sayNumber(about.filetype); say(" "); sayNumber(about.size); }
  } else if (IS("readlink", 3)) {
    uint8_t buffer[256];
    __wasi_size_t count;
    __wasi_errno_t error = __wasi_path_readlink(handle(word[1]), word[2], buffer, sizeof buffer, &count);
    sayError(error);
    if (!error) { say(" "); put((const char *)buffer, count); }
  } else if (IS("mkdir", 3)) sayError(__wasi_path_create_directory(handle(word[1]), word[2]));
  else if (IS("rmdir", 3)) sayError(__wasi_path_remove_directory(handle(word[1]), word[2]));
  else if (IS("unlink", 3)) sayError(__wasi_path_unlink_file(handle(word[1]), word[2]));
  else if (IS("rename", 5)) sayError(__wasi_path_rename(handle(word[1]), word[2], handle(word[3]), word[4]));
  else if (IS("link", 5)) sayError(__wasi_path_link(handle(word[1]), 0, word[2], handle(word[3]), word[4]));
  else if (IS("symlink", 4)) sayError(__wasi_path_symlink(word[1], handle(word[2]), word[3]));
  else if (IS("race", 5)) race(atoi(word[1]), handle(word[2]), word[3], word[4]);
  else say("no such step");
  say("\n");
}

int main(int argc, char **argv) {
  for (int i = 0; i < 10; i++) handles[i] = 3 + i;
  for (int i = 1; i < argc; i++) {
    char *word[5];
    int words = 0;
    // The last word of a step may have spaces.
    for (char *rest = argv[i]; rest && words < 5; words++) {
      word[words] = rest;
      rest = words < 4 ? strchr(rest, ' ') : 0;
      if (rest) *rest++ = 0;
    }
    step(word, words);
  }
  return 0;
}
