# What this configuration found, in one place.
message(STATUS "hardscape ${PROJECT_VERSION}: cli=${HARDSCAPE_CLI} tests=${HARDSCAPE_TESTS} bench=${HARDSCAPE_BENCH} "
  "history=${HARDSCAPE_SQLITE_FOUND} llama=${HARDSCAPE_LLAMA_FOUND} fuzz=${HARDSCAPE_FUZZ} sanitize=${HARDSCAPE_SANITIZE} ccache=${HARDSCAPE_CCACHE}")
