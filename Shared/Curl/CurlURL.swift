import CCurl
import Foundation

/// A URL as libcurl itself reads it, so that what was checked and what is connected to cannot differ.
final class CurlURL {
    /// Handed to the transfer that uses it; freed with this object.
    let handle: OpaquePointer

    /// Nil for anything but an absolute URL without user information.
    init?(_ text: String) {
        guard text.utf8.count <= 8192, !text.utf8.contains(0), let handle = curl_url() else { return nil }
        guard curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK else {
            curl_url_cleanup(handle)
            return nil
        }
        self.handle = handle
    }

    deinit {
        curl_url_cleanup(handle)
    }

    /// In lower case.
    var scheme: String? { part(CURLUPART_SCHEME) }

    /// In lower case, an IPv6 address in brackets.
    var host: String? { part(CURLUPART_HOST) }

    /// The port named, or else the scheme's own.
    var port: Int? { part(CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap { Int($0) } }

    /// The address when the host is one rather than a name. libcurl has by then turned every spelling of an IPv4 address
    /// (octal, hexadecimal, a single number) into the usual one.
    var literalAddress: [UInt8]? {
        guard let host else { return nil }
        if host.hasPrefix("[") {
            var address = [UInt8](repeating: 0, count: 16)
            return inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 ? address : nil
        }
        var address = [UInt8](repeating: 0, count: 4)
        return inet_pton(AF_INET, host, &address) == 1 ? address : nil
    }

    private func part(_ part: CURLUPart, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
