# Debian packages only; docs/dependencies.md says why each is here.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# GDAL's development package pulls Boost 1.74 and conflicts with 1.81, so Debian 12 gets its 1.81 headers unpacked
# beside the system by scripts/deps.sh. A system Boost of 1.81 or newer (Debian 13) is used as it is.
find_path(YIHONG_BOOST_INCLUDE boost/url.hpp PATHS ${CMAKE_SOURCE_DIR}/.deps/boost/usr/include NO_DEFAULT_PATH)
if(NOT YIHONG_BOOST_INCLUDE)
  find_path(YIHONG_BOOST_INCLUDE boost/url.hpp)
  find_library(YIHONG_BOOST_URL boost_url)   # from Boost 1.82 on Boost.URL is a library, no longer compiled from its headers
endif()
if(NOT YIHONG_BOOST_INCLUDE)
  message(FATAL_ERROR "Boost 1.81 or newer was not found. Run scripts/deps.sh.")
endif()

find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(GDAL CONFIG REQUIRED)
find_package(PROJ CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
find_package(CURL REQUIRED)
pkg_check_modules(MOSQUITTO REQUIRED IMPORTED_TARGET libmosquitto)
find_path(ROCKSDB_INCLUDE rocksdb/db.h REQUIRED)
find_library(ROCKSDB_LIBRARY rocksdb REQUIRED)
find_path(GEOS_INCLUDE geos_c.h REQUIRED)
find_library(GEOS_LIBRARY geos_c REQUIRED)

add_library(yihong_ext_tomlplusplus INTERFACE)
target_link_libraries(yihong_ext_tomlplusplus INTERFACE PkgConfig::TOMLPLUSPLUS)
target_compile_definitions(yihong_ext_tomlplusplus INTERFACE TOML_HEADER_ONLY=0)
add_library(tomlplusplus ALIAS yihong_ext_tomlplusplus)
add_library(simdjson ALIAS PkgConfig::SIMDJSON)
add_library(pugixml ALIAS PkgConfig::PUGIXML)
add_library(zstd ALIAS PkgConfig::ZSTD)
add_library(yihong_ext_jemalloc INTERFACE)   # nothing calls it by name, so the linker is told to keep it
target_link_libraries(yihong_ext_jemalloc INTERFACE -Wl,--no-as-needed PkgConfig::JEMALLOC -Wl,--as-needed)
add_library(jemalloc ALIAS yihong_ext_jemalloc)
add_library(mosquitto ALIAS PkgConfig::MOSQUITTO)
add_library(yihong_ext_rocksdb INTERFACE)
target_include_directories(yihong_ext_rocksdb SYSTEM INTERFACE ${ROCKSDB_INCLUDE})
target_link_libraries(yihong_ext_rocksdb INTERFACE ${ROCKSDB_LIBRARY})
add_library(RocksDB ALIAS yihong_ext_rocksdb)
add_library(yihong_ext_geos INTERFACE)
target_include_directories(yihong_ext_geos SYSTEM INTERFACE ${GEOS_INCLUDE})
target_link_libraries(yihong_ext_geos INTERFACE ${GEOS_LIBRARY})
add_library(geos ALIAS yihong_ext_geos)

# The rtree of Boost.Geometry, headers alone.
add_library(yihong_ext_boost_geometry INTERFACE)
target_include_directories(yihong_ext_boost_geometry SYSTEM INTERFACE ${YIHONG_BOOST_INCLUDE})
add_library(boost_geometry ALIAS yihong_ext_boost_geometry)

# Asio, Beast and URL are header-only upstream; compiled once here (separate compilation).
add_library(boost_impl STATIC src/boost_impl/asio.cpp src/boost_impl/beast.cpp src/boost_impl/url.cpp)
target_include_directories(boost_impl SYSTEM PUBLIC ${YIHONG_BOOST_INCLUDE})
target_compile_definitions(boost_impl PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_BEAST_USE_STD_STRING_VIEW BOOST_URL_NO_LIB BOOST_URL_STATIC_LINK
  BOOST_ASIO_NO_DEPRECATED)
target_compile_options(boost_impl PRIVATE -w)
target_link_libraries(boost_impl PUBLIC Threads::Threads)
if(YIHONG_BOOST_URL)
  target_link_libraries(boost_impl PUBLIC ${YIHONG_BOOST_URL})
endif()
