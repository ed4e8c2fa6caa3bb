// Runs SQL on a database: query FILE SQL. One JSON array a row; values as JSON, blobs as hexadecimal in a string.
#include <stdio.h>
#include <string.h>
#include "sqlite3.h"

static void putText(const unsigned char *text) {
  putchar('"');
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') printf("\\%c", *text);
    else if (*text < 0x20) printf("\\u%04x", *text);
    else putchar(*text);
  }
  putchar('"');
}

static void putColumn(sqlite3_stmt *row, int at) {
  const unsigned char *bytes;
  switch (sqlite3_column_type(row, at)) {
    case SQLITE_NULL: fputs("null", stdout); break;
    case SQLITE_INTEGER: printf("%lld", sqlite3_column_int64(row, at)); break;
    case SQLITE_FLOAT: printf("%.17g", sqlite3_column_double(row, at)); break;
    case SQLITE_BLOB:
      bytes = sqlite3_column_blob(row, at);
      putchar('"');
      for (int i = 0, length = sqlite3_column_bytes(row, at); i < length; i++) printf("%02x", bytes[i]);
      putchar('"');
      break;
    default: putText(sqlite3_column_text(row, at));
  }
}

int main(int argc, char **argv) {
  sqlite3 *db = 0;
  if (argc != 3) return fputs("usage: query FILE SQL\n", stderr), 2;
  int code = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 0);
  // What cannot be changed can be read.
  if (code != SQLITE_OK) {
    sqlite3_close(db);
    code = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, 0);
  }
  for (const char *rest = argv[2]; code == SQLITE_OK && *rest;) {
    sqlite3_stmt *row = 0;
    code = sqlite3_prepare_v2(db, rest, -1, &row, &rest);
    if (code != SQLITE_OK || !row) continue;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
      putchar('[');
      for (int i = 0, count = sqlite3_column_count(row); i < count; i++) {
        if (i) putchar(',');
        putColumn(row, i);
      }
      puts("]");
    }
    code = sqlite3_finalize(row);
  }
  if (code != SQLITE_OK) fprintf(stderr, "query: %s\n", sqlite3_errmsg(db));
  sqlite3_close(db);
  return code != SQLITE_OK;
}
