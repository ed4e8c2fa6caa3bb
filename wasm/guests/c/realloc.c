// Debian's wasi-libc takes all memory there is when it is first asked for some, and with it what the adapter of preview 1
// has put there. Where a module exports this, the adapter asks for its memory here.
#include <stdlib.h>

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t oldSize, size_t align, size_t newSize) {
  (void)oldSize;
  if (old) return realloc(old, newSize);
  void *made = 0;
  // What comes from malloc is aligned to 16 bytes already.
  return align <= 16 ? malloc(newSize) : posix_memalign(&made, align, newSize) ? 0 : made;
}
