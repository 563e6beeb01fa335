# Warnings and sanitizers for our own code; linked privately, never exported.
add_library(hardscape_warnings INTERFACE)
target_compile_options(hardscape_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wnull-dereference -Wimplicit-fallthrough
  $<$<BOOL:${HARDSCAPE_DEV_WARNINGS}>:-Werror>
  # g++ 12 reports these inside its own <string> and <optional> when it inlines (PR105651, PR105562).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-null-dereference>
  # It tidies its memory up at every doubling from 128 MB, which our units pass several times.
  $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=300000>
  # To it every file of a unit is a header, whose classes may not use file-local names.
  $<$<AND:$<BOOL:${HARDSCAPE_UNITY}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>)
if(HARDSCAPE_SANITIZE)
  # With g++ the checks of each pointer before it is used take more time to compile than all else. They look for what the
  # address sanitizer or the processor reports anyway: addresses out of bounds and null. Variables used out of their scope,
  # and checks of addresses written out at every access instead of called, are another third. The clang presets have it all.
  target_compile_options(hardscape_warnings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer $<$<CXX_COMPILER_ID:GNU>:-fno-sanitize=null,alignment,object-size,vptr>
    $<$<CXX_COMPILER_ID:GNU>:-fno-sanitize-address-use-after-scope>
    $<$<CXX_COMPILER_ID:GNU>:--param=asan-instrumentation-with-call-threshold=0>
    # Functions of libraries opened at run time: their headers and ours name the same handles differently.
    $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
  target_link_options(hardscape_warnings INTERFACE -fsanitize=address,undefined)
endif()
