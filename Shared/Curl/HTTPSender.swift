import CCurl

/// Sends HTTP requests to servers outside the platform: webhook endpoints, payment and SMS providers.
///
/// All requests of a sender share one thread, so that hundreds of slow servers cost connections but no threads. HTTP/1.1
/// over TCP or TLS 1.2 and later with verified certificates; no redirects, no proxies, no cookies, no decompression.
public final class HTTPSender: Sendable {
    private let policy: AddressPolicy
    private let userAgent: String
    private let certificateAuthorities: String?
    private let resolve: Resolve?
    private let loop: TransferLoop

    /// What addresses a name has at the moment; nil leaves it to the system.
    typealias Resolve = @Sendable (_ host: String) -> [String]?

    /// - Parameters:
    ///   - policy: Where requests may go.
    ///   - userAgent: The `User-Agent` header of every request.
    ///   - maximumConcurrent: How many requests run at once; further ones wait in order, their timeout not yet running.
    ///   - certificateAuthorities: Path of a PEM file that replaces the system's trusted certificates.
    public convenience init(
        policy: AddressPolicy, userAgent: String, maximumConcurrent: Int, certificateAuthorities: String? = nil
    ) {
        self.init(
            policy: policy, userAgent: userAgent, maximumConcurrent: maximumConcurrent,
            certificateAuthorities: certificateAuthorities, resolve: nil)
    }

    /// - Parameter resolve: stands for the name servers, so that tests can change their answers.
    init(
        policy: AddressPolicy, userAgent: String, maximumConcurrent: Int, certificateAuthorities: String? = nil,
        resolve: Resolve?
    ) {
        self.policy = policy
        self.userAgent = userAgent
        self.certificateAuthorities = certificateAuthorities
        self.resolve = resolve
        self.loop = TransferLoop(name: "http-sender", maximumConcurrent: maximumConcurrent)
    }

    /// Sends the request and waits for the answer, whatever its status. Never retries by itself.
    ///
    /// Cancelling the task ends the request with ``HTTPSendError/cancelled``.
    public func send(_ request: HTTPRequest) async throws(HTTPSendError) -> HTTPResponse {
        let url = try Self.checkedURL(request.url, policy)
        let headers = try Self.headerLines(of: request)
        guard let transfer = EasyTransfer(policy: policy, maximumBodyBytes: request.maximumResponseBytes) else {
            throw .connectionFailed("out of memory")
        }
        configure(transfer, for: request, url: url, headers: headers)
        guard transfer.isConfigured else { throw .connectionFailed("libcurl refused an option") }
        switch await loop.run(transfer) {
        case .cancelled: throw .cancelled
        case .finished(let code): return try Self.response(of: transfer, code)
        }
    }

    /// Checks a URL as ``send(_:)`` would, without connecting: scheme, user information, port and, when the host is an
    /// address, that address. For telling a customer at once that an endpoint cannot work; names are judged only when
    /// they are connected to.
    ///
    /// - Throws: ``HTTPSendError/invalidRequest(_:)`` or ``HTTPSendError/addressDenied``.
    public func check(url: String) throws(HTTPSendError) {
        _ = try Self.checkedURL(url, policy)
    }

    private static func checkedURL(_ text: String, _ policy: AddressPolicy) throws(HTTPSendError) -> CurlURL {
        guard let url = CurlURL(text) else {
            throw .invalidRequest("the URL is not an absolute URL without user information")
        }
        guard url.scheme == "http" || url.scheme == "https" else {
            throw .invalidRequest("the URL's scheme is neither http nor https")
        }
        guard let port = url.port, policy.allows(port: port) else { throw .addressDenied }
        if let address = url.literalAddress, !policy.allows(address) { throw .addressDenied }
        return url
    }

    private static func headerLines(of request: HTTPRequest) throws(HTTPSendError) -> [String] {
        guard HTTPSyntax.isToken(request.method) else { throw .invalidRequest("the method is not a token") }
        // An empty value tells libcurl to leave out its own default header.
        var lines = ["Expect:", "Accept: */*"]
        var hasContentType = false
        for (name, value) in request.headers {
            guard HTTPSyntax.isToken(name) else { throw .invalidRequest("a header's name is not a token") }
            guard HTTPSyntax.isFieldValue(value) else {
                throw .invalidRequest("the value of header \(name) contains a control character")
            }
            let lowercased = name.lowercased()
            guard !HTTPSyntax.senderHeaders.contains(lowercased) else {
                throw .invalidRequest("header \(name) is set by the sender")
            }
            if lowercased == "accept" { lines.removeAll { $0 == "Accept: */*" } }
            hasContentType = hasContentType || lowercased == "content-type"
            // libcurl sends a header without a value only when it ends in a semicolon.
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        if !hasContentType { lines.append("Content-Type:") }
        return lines
    }

    private func configure(_ transfer: EasyTransfer, for request: HTTPRequest, url: CurlURL, headers: [String]) {
        transfer.set(CURLOPT_PROTOCOLS_STR, "http,https")
        transfer.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        transfer.set(CURLOPT_USERAGENT, userAgent)
        if let certificateAuthorities { transfer.set(CURLOPT_CAINFO, certificateAuthorities) }
        transfer.setTimeout(request.timeout)
        transfer.setURL(url)
        if let host = url.host, let port = url.port, let addresses = resolve?(host) {
            transfer.setList(CURLOPT_RESOLVE, ["\(host):\(port):\(addresses.joined(separator: ","))"])
        }
        if request.method == "HEAD" {
            transfer.set(CURLOPT_NOBODY, true)
        } else if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            transfer.setBody(request.body)
            transfer.set(CURLOPT_CUSTOMREQUEST, request.method)
        } else if request.method != "GET" {
            transfer.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        transfer.setHeaders(headers)
    }

    private static func response(of transfer: EasyTransfer, _ code: CURLcode) throws(HTTPSendError) -> HTTPResponse {
        guard code == CURLE_OK || (code == CURLE_WRITE_ERROR && transfer.isTruncated) else {
            throw failure(of: transfer, code)
        }
        return HTTPResponse(
            status: transfer.responseCode,
            headers: transfer.headerLines.compactMap(HTTPSyntax.headerField),
            body: transfer.body,
            isTruncated: transfer.isTruncated,
            duration: transfer.duration
        )
    }

    private static func failure(of transfer: EasyTransfer, _ code: CURLcode) -> HTTPSendError {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            .nameNotResolved
        case CURLE_COULDNT_CONNECT where transfer.isAddressDenied:
            .addressDenied
        case CURLE_OPERATION_TIMEDOUT:
            .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED:
            .tlsFailed(transfer.failureText(code))
        case CURLE_WRITE_ERROR where transfer.hasTooManyHeaders:
            .invalidResponse("the headers exceed 32 KiB")
        case CURLE_GOT_NOTHING, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            .invalidResponse(transfer.failureText(code))
        default:
            .connectionFailed(transfer.failureText(code))
        }
    }
}
