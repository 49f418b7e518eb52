import CCurl

/// libcurl's linked list of strings.
enum CurlList {
    /// The caller frees it or hands it to libcurl. Nil when there is no memory or nothing to list.
    static func make(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }
}
