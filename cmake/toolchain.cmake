set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (temporaries and conditions in co_await expressions). "
    "Build with the presets, which use clang 19, or with GCC 13 or newer. scripts/deps.sh installs what is missing.")
endif()

option(YIHONG_BUILD_TESTS "Build the tests" ON)
option(YIHONG_BUILD_BENCH "Build the benchmark programs" OFF)
option(YIHONG_FUZZ "Build libFuzzer targets instead of corpus replays" OFF)
set(YIHONG_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # relative paths and no working folder in the key: another clone or build folder finds the same objects
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()
find_program(LLD_PROGRAM NAMES ld.lld-19 ld.lld)
if(LLD_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(--ld-path=${LLD_PROGRAM})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
# What a designated initializer leaves out is meant to be empty.
add_compile_options($<$<CXX_COMPILER_ID:Clang>:-Wno-missing-designated-field-initializers>)
# stable_sort of libstdc++ 12 calls what libstdc++ 12 deprecates, and Clang tells every user of it.
add_compile_options(-Wno-deprecated-declarations)
# The headers of another release may bring warnings of their own, which are nobody's fault who installs this.
cmake_host_system_information(RESULT YIHONG_RELEASE QUERY DISTRIB_PRETTY_NAME)
if(YIHONG_RELEASE MATCHES "^Debian GNU/Linux 12 ")
  set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
endif()
if(YIHONG_SANITIZE)
  # vptr: Debian's libraries are built without the type information that this one check would need of them
  add_compile_options(-fsanitize=${YIHONG_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${YIHONG_SANITIZE})
endif()
if(YIHONG_FUZZ)
  # libFuzzer goes by what an input reaches, and it is the parsers that have to tell it
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
