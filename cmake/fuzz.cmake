# Fuzz targets: src/<part>/<name>_fuzz.cpp with a corpus in tests/fuzz/<name>/.
#
# With HARDSCAPE_FUZZ (clang) each becomes a libFuzzer program fuzz_<name>. With HARDSCAPE_TESTS each is also linked to
# a plain driver that ctest runs: the corpus, then 20,000 inputs made from it.
if(HARDSCAPE_FUZZ)
  target_compile_options(hardscape PRIVATE -fsanitize=fuzzer-no-link)
endif()

if(HARDSCAPE_TESTS)
  add_library(hardscape_fuzz_driver OBJECT "${CMAKE_SOURCE_DIR}/tests/support/fuzz_driver.cpp")
  target_link_libraries(hardscape_fuzz_driver PRIVATE hardscape_warnings)
endif()

function(hardscape_fuzz part name)
  set(source "${CMAKE_SOURCE_DIR}/src/${part}/${name}_fuzz.cpp")
  if(HARDSCAPE_FUZZ)
    add_executable(fuzz_${name} ${source})
    target_link_libraries(fuzz_${name} PRIVATE hardscape hardscape_private)
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  endif()
  if(HARDSCAPE_TESTS)
    add_executable(fuzz_smoke_${name} ${source} $<TARGET_OBJECTS:hardscape_fuzz_driver>)
    target_link_libraries(fuzz_smoke_${name} PRIVATE hardscape hardscape_warnings hardscape_private)
    add_test(NAME fuzz.${name} COMMAND fuzz_smoke_${name} "${CMAKE_SOURCE_DIR}/tests/fuzz/${name}" 20000)
  endif()
endfunction()

hardscape_fuzz(llm gguf)
hardscape_fuzz(llm safetensors)
hardscape_fuzz(llm config)
hardscape_fuzz(detect/parse parsers)
hardscape_fuzz(catalogue records)
hardscape_fuzz(facts machine)
