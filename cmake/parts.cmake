# A part is a folder of src/: its .cpp files go into libhardscape, its *_test.cpp files into one test program.
# Who may include whom is in scripts/check_layers.py.
define_property(GLOBAL PROPERTY HARDSCAPE_PARTS BRIEF_DOCS "parts" FULL_DOCS "names of the parts of libhardscape")

function(hardscape_part name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  if(HARDSCAPE_SQLITE_FOUND)
    list(FILTER sources EXCLUDE REGEX "/no_history\\.cpp$")
  else()
    list(FILTER sources EXCLUDE REGEX "/sqlite_[a-z_]+\\.cpp$")
  endif()
  if(HARDSCAPE_LLAMA_FOUND)
    list(FILTER sources EXCLUDE REGEX "/no_engine\\.cpp$")
  else()
    list(FILTER sources EXCLUDE REGEX "/llama_[a-z_]+\\.cpp$")
  endif()
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  target_sources(hardscape PRIVATE ${sources})
  set_property(GLOBAL APPEND PROPERTY HARDSCAPE_PARTS ${name})
  set_property(GLOBAL PROPERTY HARDSCAPE_TESTS_OF_${name} "${tests}")
endfunction()

# One program a part, so that a part can be built and tested alone.
function(hardscape_part_tests)
  get_property(parts GLOBAL PROPERTY HARDSCAPE_PARTS)
  foreach(part IN LISTS parts)
    get_property(tests GLOBAL PROPERTY HARDSCAPE_TESTS_OF_${part})
    if(tests)
      hardscape_test_program(hardscape_${part}_tests ${tests})
    endif()
  endforeach()
endfunction()

function(hardscape_test_program target)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE hardscape hardscape_warnings hardscape_private GTest::gtest GTest::gmock
    GTest::gtest_main)
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(${target} PRIVATE HARDSCAPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    PROPERTIES TIMEOUT 300)
endfunction()
