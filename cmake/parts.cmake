# A part is a folder of src/: its .cpp files go into libhardscape, its *_test.cpp files into one test program.
# Who may include whom is in scripts/check_layers.py.
#
# Small files that say nearly the same headers each compile several times faster together: with HARDSCAPE_UNITY up to 35 of a
# part make one unit, so file-local names are unique within a part. CMake's own unity files name absolute paths, which
# keeps ccache from recognising them in another folder. Left alone: kernels, which have flags of their own, and files that
# define macros for a system header.
function(hardscape_units result name)
  set(units ${ARGN})
  if(HARDSCAPE_UNITY)
    list(FILTER units INCLUDE REGEX "/kernels/|_query\\.cpp$|/gpu_watch\\.cpp$|/options\\.cpp$")
    set(grouped ${ARGN})
    list(REMOVE_ITEM grouped ${units})
    list(LENGTH grouped count)
    math(EXPR few "${count} / 36 + 1")
    math(EXPR size "(${count} + ${few} - 1) / ${few}")  # units of a part compile side by side: alike in size
    set(begin 0)
    while(begin LESS count)
      list(SUBLIST grouped ${begin} ${size} files)
      list(TRANSFORM files REPLACE "^${CMAKE_SOURCE_DIR}/(src|apps|tests)/" "")
      list(JOIN files "\"\n#include \"" lines)
      set(unit "${CMAKE_CURRENT_BINARY_DIR}/units/${name}_${begin}.cpp")
      file(GENERATE OUTPUT "${unit}" CONTENT "#include \"${lines}\"\n")
      list(APPEND units "${unit}")
      math(EXPR begin "${begin} + ${size}")
    endwhile()
  endif()
  set(${result} ${units} PARENT_SCOPE)
endfunction()

define_property(GLOBAL PROPERTY HARDSCAPE_PARTS BRIEF_DOCS "parts" FULL_DOCS "names of the parts of libhardscape")

function(hardscape_part name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  if(HARDSCAPE_CURL_FOUND)
    list(FILTER sources EXCLUDE REGEX "/no_endpoint\\.cpp$")
  else()
    list(FILTER sources EXCLUDE REGEX "/endpoint/(curl_api|client|load)\\.cpp$")
  endif()
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
  hardscape_units(units ${name} ${sources})
  target_sources(hardscape PRIVATE ${units})
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

# COST: a program that takes long begins first.
function(hardscape_test_program target)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "COST" "")
  if(NOT program_COST)
    set(program_COST 0)
  endif()
  hardscape_units(units ${target} ${program_UNPARSED_ARGUMENTS})
  add_executable(${target} ${units})
  target_link_libraries(${target} PRIVATE hardscape hardscape_warnings hardscape_private GTest::gtest GTest::gmock
    GTest::gtest_main)
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(${target} PRIVATE HARDSCAPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # Most of the time to compile a test went into optimising and watching what runs once. What is tested keeps its
  # sanitizers, and so do the tests themselves with clang.
  target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>
    $<$<AND:$<BOOL:${HARDSCAPE_SANITIZE}>,$<CXX_COMPILER_ID:GNU>>:-fno-sanitize=all>)
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    PROPERTIES TIMEOUT 300 COST ${program_COST})
endfunction()
