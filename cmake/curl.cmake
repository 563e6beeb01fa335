# libcurl speaks to servers in `bench --endpoint`. Only its header is needed to build; the library is opened at run time,
# so that no other command waits for it and its TLS.
option(HARDSCAPE_ENDPOINT "Benchmark servers over HTTP" ON)
set(HARDSCAPE_CURL_FOUND FALSE)
if(HARDSCAPE_ENDPOINT)
  find_path(HARDSCAPE_CURL_INCLUDE curl/curl.h)
  if(HARDSCAPE_CURL_INCLUDE)
    set(HARDSCAPE_CURL_FOUND TRUE)
  endif()
endif()
