import Contracts
import Foundation
import FoundationNetworking
import Testing

/// The public HTTP API through an ordinary client.
struct APIClient: Sendable {
    let baseURL: String
    var key: String?

    init(key: String?, baseURL: String? = nil) throws {
        self.baseURL = try baseURL ?? Installation.gatewayURL
        self.key = key
    }

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 256
        configuration.timeoutIntervalForRequest = 90
        configuration.urlCache = nil
        return URLSession(configuration: configuration)
    }()

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let data: Data

        var json: JSONValue {
            (try? JSONDecoder().decode(JSONValue.self, from: data)) ?? .null
        }

        subscript(_ name: String) -> JSONValue? { json[name] }

        func header(_ name: String) -> String? { headers[name.lowercased()] }

        func text(_ name: String, _ location: SourceLocation = #_sourceLocation) throws -> String {
            try #require(json[name]?.text, "no text \(name) in \(json)", sourceLocation: location)
        }

        func number(_ name: String, _ location: SourceLocation = #_sourceLocation) throws -> Int {
            guard case .integer(let number)? = json[name] else {
                Issue.record("no number \(name) in \(json)", sourceLocation: location)
                return -1
            }
            return number
        }

        /// The slug of a problem document.
        var problem: String? {
            guard header("content-type")?.hasPrefix("application/problem+json") == true else { return nil }
            return json["type"]?.text?.split(separator: "/").last.map(String.init)
        }

        /// The fields that a problem document complains of.
        var wrongFields: Set<String> { Set(json["errors"]?.list?.compactMap { $0["field"]?.text } ?? []) }
    }

    /// Sends a request. A `POST` gets an idempotency key of its own unless one is given, or `nil` is.
    func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, idempotencyKey: String? = UUID().uuidString,
        headers: [String: String] = [:], rawBody: Data? = nil
    ) async throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: baseURL + path)))
        request.httpMethod = method
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        if method == "POST", let idempotencyKey {
            request.setValue(idempotencyKey, forHTTPHeaderField: "Idempotency-Key")
        }
        if let body {
            let encoder = JSONEncoder()
            // The same value is always the same bytes: an idempotency key is bound to them.
            encoder.outputFormatting = [.sortedKeys]
            request.httpBody = try encoder.encode(body)
        }
        if let rawBody { request.httpBody = rawBody }
        if request.httpBody != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await Self.session.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        var fields: [String: String] = [:]
        for (name, value) in http.allHeaderFields {
            if let name = name as? String, let value = value as? String { fields[name.lowercased()] = value }
        }
        return Answer(status: http.statusCode, headers: fields, data: data)
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers: headers)
    }

    /// Sends a request and demands a status.
    func demand(
        _ status: Int, _ method: String, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await send(method, path, body, headers: headers)
        try #require(
            answer.status == status, "\(method) \(path) answered \(answer.status): \(answer.json)",
            sourceLocation: location)
        return answer
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var list: [JSONValue]? { if case .array(let list) = self { list } else { nil } }
    var count: Int? { if case .integer(let number) = self { number } else { nil } }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByBooleanLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
