#include <curl/curl.h>

/* curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, and CURLMsg holds a union: Swift can call and read
   neither, so each type of argument that is used has a line here. The parentheses keep curl's type-checking macros away. */
typedef size_t (*spandrel_curl_bytes)(char *bytes, size_t size, size_t count, void *context);
typedef int (*spandrel_curl_prerequest)(void *context, char *peer, char *local, int peer_port, int local_port);

static inline CURLcode spandrel_curl_set_long(CURL *h, CURLoption o, long v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode spandrel_curl_set_offset(CURL *h, CURLoption o, curl_off_t v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode spandrel_curl_set_text(CURL *h, CURLoption o, const char *v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode spandrel_curl_set_pointer(CURL *h, CURLoption o, const void *v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode spandrel_curl_set_list(CURL *h, CURLoption o, struct curl_slist *v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode spandrel_curl_set_bytes(CURL *h, CURLoption o, spandrel_curl_bytes f) { return (curl_easy_setopt)(h, o, f); }
static inline CURLcode spandrel_curl_set_prerequest(CURL *h, spandrel_curl_prerequest f) {
    return (curl_easy_setopt)(h, CURLOPT_PREREQFUNCTION, f);
}
static inline CURLcode spandrel_curl_set_open_socket(CURL *h, curl_opensocket_callback f) {
    return (curl_easy_setopt)(h, CURLOPT_OPENSOCKETFUNCTION, f);
}
static inline CURLcode spandrel_curl_get_long(CURL *h, CURLINFO i, long *v) { return (curl_easy_getinfo)(h, i, v); }
static inline CURLMcode spandrel_curl_multi_set_long(CURLM *m, CURLMoption o, long v) { return (curl_multi_setopt)(m, o, v); }
static inline CURLcode spandrel_curl_result(const CURLMsg *m) { return m->data.result; }
