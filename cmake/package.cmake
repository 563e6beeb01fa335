# find_package(hardscape) for others.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS hardscape EXPORT hardscape-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(HARDSCAPE_CLI)
  install(TARGETS hardscape_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY include/hardscape DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES "${CMAKE_BINARY_DIR}/include/hardscape/version.hpp" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hardscape)

set(destination ${CMAKE_INSTALL_LIBDIR}/cmake/hardscape)
install(EXPORT hardscape-targets NAMESPACE hardscape:: DESTINATION ${destination})
configure_package_config_file(cmake/hardscape-config.cmake.in "${CMAKE_BINARY_DIR}/hardscape-config.cmake"
  INSTALL_DESTINATION ${destination})
write_basic_package_version_file("${CMAKE_BINARY_DIR}/hardscape-config-version.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${CMAKE_BINARY_DIR}/hardscape-config.cmake" "${CMAKE_BINARY_DIR}/hardscape-config-version.cmake"
  DESTINATION ${destination})
