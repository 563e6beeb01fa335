# Puts files into the library as read-only bytes; nothing generated is kept in git.
#
# hardscape_embed(target symbol root files...) makes an assembler file of .incbin lines and a table
# `extern const hardscape::EmbeddedFile symbol[]` with `symbol_count`; names are relative to root.
function(hardscape_embed target symbol root)
  set(lines "")
  set(table "")
  set(externs "")
  set(index 0)
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH name "${root}" "${file}")
    string(APPEND lines
      "  .globl ${symbol}_${index}_begin\n  .hidden ${symbol}_${index}_begin\n${symbol}_${index}_begin:\n"
      "  .incbin \"${file}\"\n  .globl ${symbol}_${index}_end\n  .hidden ${symbol}_${index}_end\n"
      "${symbol}_${index}_end:\n  .byte 0\n")
    string(APPEND externs "extern \"C\" const char ${symbol}_${index}_begin[]; extern \"C\" const char ${symbol}_${index}_end[];\n")
    string(APPEND table "  {\"${name}\", ${symbol}_${index}_begin, ${symbol}_${index}_end},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  set(assembler "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.S")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp")
  if(APPLE)
    set(section "  .section __TEXT,__const\n")
    string(REPLACE "  .hidden" "  .private_extern" lines "${lines}")
  else()
    set(section "  .section .rodata\n  .section .note.GNU-stack,\"\",%progbits\n  .section .rodata\n")
  endif()
  file(GENERATE OUTPUT "${assembler}" CONTENT "${section}${lines}")
  file(GENERATE OUTPUT "${source}" CONTENT
    "#include \"base/embedded.hpp\"\n${externs}namespace hardscape {\nextern const EmbeddedFile ${symbol}[];\nextern const std::size_t ${symbol}_count;\nconst EmbeddedFile ${symbol}[] = {\n${table}  {nullptr, nullptr, nullptr}};\nconst std::size_t ${symbol}_count = ${index};\n}  // namespace hardscape\n")
  set_source_files_properties("${assembler}" PROPERTIES LANGUAGE ASM OBJECT_DEPENDS "${ARGN}")
  target_sources(${target} PRIVATE "${assembler}" "${source}")
endfunction()
