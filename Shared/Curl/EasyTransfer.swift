import CCurl
import Foundation

/// One libcurl transfer with everything its handle points at.
///
/// `@unchecked Sendable` is safe because it is used by one thread at a time: the task that makes it hands it to a
/// ``TransferLoop``, whose thread alone touches it until the awaited result hands it back.
final class EasyTransfer: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer

    /// What was received, up to the limit.
    private(set) var body: [UInt8] = []
    private(set) var isTruncated = false

    /// The header lines of the last response in HTTP, the server's replies in SMTP; without line ends.
    private(set) var headerLines: [String] = []
    private(set) var hasTooManyHeaders = false

    /// True when the address policy refused at least one address of the host.
    private(set) var isAddressDenied = false

    private let policy: AddressPolicy?
    private let maximumBodyBytes: Int
    private let maximumHeaderBytes = 32 * 1024
    private var headerBytes = 0
    private var setupCode = CURLE_OK
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private var mime: OpaquePointer?
    private var url: CurlURL?
    private let errorText: UnsafeMutablePointer<CChar>

    /// - Parameters:
    ///   - policy: Which addresses may be connected to; nil allows all.
    ///   - maximumBodyBytes: How much of the body is kept before the transfer ends.
    init?(policy: AddressPolicy?, maximumBodyBytes: Int) {
        guard CurlRuntime.isReady, let handle = curl_easy_init() else { return nil }
        self.handle = handle
        self.policy = policy
        self.maximumBodyBytes = max(0, maximumBodyBytes)
        self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        self.errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setCommonOptions()
    }

    deinit {
        curl_easy_cleanup(handle)
        if let mime { curl_mime_free(mime) }
        for list in lists { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    /// Whether every option so far was accepted; otherwise the transfer must not run.
    var isConfigured: Bool { setupCode == CURLE_OK }

    var responseCode: Int { Int(voelgoed_curl_response_code(handle)) }

    var duration: Duration { .microseconds(voelgoed_curl_total_microseconds(handle)) }

    /// libcurl's own words on a failure.
    func failureText(_ code: CURLcode) -> String {
        let text = String(cString: errorText)
        return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }

    func set(_ option: CURLoption, _ value: Int) {
        record(voelgoed_curl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) {
        set(option, value ? 1 : 0)
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) {
        record(voelgoed_curl_set_string(handle, option, value))
    }

    func setHeaders(_ lines: [String]) {
        setList(CURLOPT_HTTPHEADER, lines)
    }

    func setList(_ option: CURLoption, _ lines: [String]) {
        guard let list = CurlList.make(lines) else { return record(CURLE_OUT_OF_MEMORY) }
        lists.append(list)
        record(voelgoed_curl_set_list(handle, option, list))
    }

    func setURL(_ url: CurlURL) {
        self.url = url
        record(voelgoed_curl_set_url(handle, url.handle))
    }

    /// libcurl copies the body.
    func setBody(_ bytes: [UInt8]) {
        record(voelgoed_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
        // An empty array may have no address, and libcurl reads a nil body as "ask the read callback".
        (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { buffer in
            record(
                voelgoed_curl_set_pointer(
                    handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: buffer.baseAddress)))
        }
    }

    /// Takes over the MIME tree, which must have been made for this handle.
    func setMIME(_ mime: OpaquePointer) {
        self.mime = mime
        record(voelgoed_curl_set_mime(handle, mime))
    }

    /// How long the whole transfer may take; at least one millisecond, because libcurl reads 0 as "for ever".
    func setTimeout(_ timeout: Duration) {
        let (seconds, attoseconds) = timeout.components
        let milliseconds = min(max(seconds, 0), 86_400) * 1000 + attoseconds / 1_000_000_000_000_000
        set(CURLOPT_TIMEOUT_MS, Int(max(1, milliseconds)))
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(max(1, milliseconds), 10_000)))
    }

    func record(_ code: CURLcode) {
        if setupCode == CURLE_OK { setupCode = code }
    }

    private func setCommonOptions() {
        set(CURLOPT_NOSIGNAL, true)
        // A name server that does not answer would otherwise stop the loop's thread while it joins the resolver's.
        set(CURLOPT_QUICK_EXIT, true)
        // The empty string also turns off the proxy variables of the environment.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_FOLLOWLOCATION, false)
        set(CURLOPT_SSL_VERIFYPEER, true)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        record(voelgoed_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
        // Unretained is safe: libcurl calls back only while the loop, which retains this object, runs the transfer.
        let context = Unmanaged.passUnretained(self).toOpaque()
        record(voelgoed_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        record(voelgoed_curl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        record(voelgoed_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context))
        record(
            voelgoed_curl_set_sink(handle, CURLOPT_WRITEFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                let transfer = Unmanaged<EasyTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.receiveBody(UnsafeRawBufferPointer(start: buffer, count: size * count))
            })
        record(
            voelgoed_curl_set_sink(handle, CURLOPT_HEADERFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                let transfer = Unmanaged<EasyTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.receiveHeader(UnsafeRawBufferPointer(start: buffer, count: size * count))
            })
        record(
            voelgoed_curl_set_open_socket(handle) { context, _, address in
                guard let context, let address else { return CURL_SOCKET_BAD }
                let transfer = Unmanaged<EasyTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.openSocket(to: address)
            })
    }

    private func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        if let policy {
            var bytes = [UInt8](repeating: 0, count: 16)
            let length = voelgoed_curl_address(address, &bytes)
            guard policy.allows(Array(bytes.prefix(length))) else {
                isAddressDenied = true
                return CURL_SOCKET_BAD
            }
        }
        return voelgoed_curl_open_socket(address)
    }

    /// Returning less than was offered ends the transfer.
    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        let room = maximumBodyBytes - body.count
        body.append(contentsOf: bytes.prefix(room))
        guard bytes.count > room else { return bytes.count }
        isTruncated = true
        return 0
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        // An interim response (RFC 9110 section 15.2) comes first; only the final one counts.
        if line.hasPrefix("HTTP/") { headerLines = [] }
        headerBytes += bytes.count
        guard headerBytes <= maximumHeaderBytes else {
            hasTooManyHeaders = true
            return 0
        }
        if !line.isEmpty { headerLines.append(line) }
        return bytes.count
    }
}
