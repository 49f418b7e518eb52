import CCurl

/// libcurl's process-wide state, set up on first use and kept until the process ends.
enum CurlRuntime {
    static let isReady = voelgoed_curl_global_init() == CURLE_OK
}
