# What `cmake --install` puts where, and the Debian package (`cpack` in the build folder).
# The configuration names its folders absolutely: nobody has to know from where its paths start.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)                        # nobody who installs waits for the tests to be built
set(YIHONG_CONFIG_DIR ${CMAKE_INSTALL_FULL_SYSCONFDIR}/yihong)
set(YIHONG_SHARE_DIR ${CMAKE_INSTALL_FULL_DATADIR}/yihong)
set(YIHONG_STATE_DIR ${CMAKE_INSTALL_FULL_LOCALSTATEDIR}/lib/yihong)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS config/yihong.toml)
file(READ config/yihong.toml installed_config)
string(REPLACE "\"../data/yihong\"" "\"${YIHONG_STATE_DIR}\"" installed_config "${installed_config}")
string(REPLACE "\"../layers/" "\"${YIHONG_SHARE_DIR}/layers/" installed_config "${installed_config}")
string(REPLACE "\"../console/dist\"" "\"${YIHONG_SHARE_DIR}/console\"" installed_config "${installed_config}")
if(installed_config MATCHES "\"\\.\\./")
  message(FATAL_ERROR "config/yihong.toml names a folder beside its own that cmake/packaging.cmake does not install")
endif()
file(WRITE ${CMAKE_BINARY_DIR}/installed/yihong.toml "${installed_config}")
configure_file(packaging/yihong.service ${CMAKE_BINARY_DIR}/installed/yihong.service @ONLY)

install(TARGETS yihong RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/installed/yihong.toml config/alerts.toml DESTINATION ${YIHONG_CONFIG_DIR})
install(DIRECTORY config/sites config/standards DESTINATION ${YIHONG_CONFIG_DIR})
install(DIRECTORY layers DESTINATION ${CMAKE_INSTALL_DATADIR}/yihong)
install(DIRECTORY console/dist/ DESTINATION ${CMAKE_INSTALL_DATADIR}/yihong/console OPTIONAL)   # where scripts/console.sh built it
install(FILES ${CMAKE_BINARY_DIR}/conformance.json DESTINATION ${CMAKE_INSTALL_DATADIR}/yihong OPTIONAL)   # of the last run of the checks; another build does not show it
install(FILES ${CMAKE_BINARY_DIR}/installed/yihong.service DESTINATION lib/systemd/system)
install(FILES packaging/yihong.sysusers DESTINATION lib/sysusers.d RENAME yihong.conf)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN decisions EXCLUDE)
install(FILES README.md README.zh-CN.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(CODE "execute_process(COMMAND \"${CMAKE_SOURCE_DIR}/packaging/man_pages.sh\" \"$<TARGET_FILE:yihong>\" ${PROJECT_VERSION}
  \"${CMAKE_BINARY_DIR}/installed/man\" COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${CMAKE_BINARY_DIR}/installed/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME yihong)
set(CPACK_PACKAGE_CONTACT "Yihong developers <yihong@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "monitoring data of waters and air: intake, judgement, map data, alerts")
set(CPACK_PACKAGE_DESCRIPTION "Takes in the readings of river sections, air stations and outfalls (HJ 212, HTTP,
files), judges them by China's standards, serves them as GeoJSON and OGC API, and
raises alerts that a named person answers.
一泓：水与空气自动监测数据的接入、评价、地图服务与预警。")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)                          # what the program is linked with, with versions
set(CPACK_DEBIAN_PACKAGE_DEPENDS "proj-data, gdal-data, adduser | systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/postinst ${CMAKE_SOURCE_DIR}/packaging/prerm
  ${CMAKE_SOURCE_DIR}/packaging/postrm ${CMAKE_BINARY_DIR}/installed/conffiles)
# an upgrade asks before it replaces what somebody has changed
file(GLOB_RECURSE conffiles RELATIVE ${CMAKE_SOURCE_DIR}/config CONFIGURE_DEPENDS config/*)
list(TRANSFORM conffiles PREPEND ${YIHONG_CONFIG_DIR}/)
list(JOIN conffiles "\n" conffiles)
file(WRITE ${CMAKE_BINARY_DIR}/installed/conffiles "${conffiles}\n")
include(CPack)
