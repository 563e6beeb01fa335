// The functions of libcurl that we call, found at run time.
#pragma once

#define CURL_DISABLE_TYPECHECK  // its checks want direct calls
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo

#include <memory>

#include "hardscape/host.hpp"

namespace hardscape {

struct CurlApi {
  Library library;
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;

  static Result<std::shared_ptr<const CurlApi>> open(const Host& host);
};

}  // namespace hardscape
