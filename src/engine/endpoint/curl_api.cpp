#include "engine/endpoint/curl_api.hpp"

namespace hardscape {

Result<std::shared_ptr<const CurlApi>> CurlApi::open(const Host& host) {
  auto api = std::make_shared<CurlApi>();
  auto library = host.libraries({"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"});
  if (!library) return std::move(library).error().within("opening libcurl, which speaks to servers (apt-get install libcurl4)");
  api->library = *std::move(library);
  bool complete = true;
  const auto find = [&](auto& member, const char* name) {
    member = api->library.template function<std::remove_pointer_t<std::remove_reference_t<decltype(member)>>>(name);
    complete = complete && member != nullptr;
  };
  find(api->global_init, "curl_global_init");
  find(api->easy_init, "curl_easy_init");
  find(api->easy_setopt, "curl_easy_setopt");
  find(api->easy_perform, "curl_easy_perform");
  find(api->easy_getinfo, "curl_easy_getinfo");
  find(api->easy_cleanup, "curl_easy_cleanup");
  find(api->easy_strerror, "curl_easy_strerror");
  find(api->slist_append, "curl_slist_append");
  find(api->slist_free_all, "curl_slist_free_all");
  if (!complete) return Error{ErrorCode::unavailable, "the library " + api->library.name() + " is no libcurl that we know"};
  // Before any thread of ours calls it: it is not thread-safe.
  if (api->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return Error{ErrorCode::unavailable, "libcurl could not be initialised"};
  return std::shared_ptr<const CurlApi>(std::move(api));
}

}  // namespace hardscape
