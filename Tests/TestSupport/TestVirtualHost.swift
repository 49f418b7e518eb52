import AMQP
import Foundation
import FoundationNetworking

/// A virtual host of one test's own: services declare queues of fixed names, and two tests must not share them.
public struct TestVirtualHost: Sendable {
    /// The environment variable with the URL of the broker's management API, such as `http://user:password@127.0.0.1:15672`.
    public static let managementVariable = "VOELGOED_TEST_RABBITMQ_MANAGEMENT_URL"

    /// The name; it needs no escaping in a URL.
    public let name: String
    /// How to connect to it.
    public let configuration: AMQPConfiguration
    /// The same as a URL.
    public let url: String
    private let maker: Maker

    /// Who makes and removes virtual hosts.
    private enum Maker: Sendable {
        case management(URL)
        case control(PrivateBroker)
    }

    /// Lends a virtual host of the shared broker, which goes away afterwards with everything in it.
    public static func with(_ body: (TestVirtualHost) async throws -> Void) async throws {
        let maker: Maker
        if let management = ProcessInfo.processInfo.environment[managementVariable].flatMap(URL.init(string:)) {
            maker = .management(management)
        } else {
            maker = .control(try await TestBroker.own())
        }
        try await with(url: TestBroker.url(), maker, body)
    }

    /// Lends a virtual host of that broker.
    public static func with(
        on broker: PrivateBroker, _ body: (TestVirtualHost) async throws -> Void
    ) async throws {
        try await with(url: broker.url, .control(broker), body)
    }

    private static func with(
        url: String, _ maker: Maker, _ body: (TestVirtualHost) async throws -> Void
    ) async throws {
        let name = "test-\(UUID().uuidString.lowercased())"
        var configuration = try AMQPConfiguration(url: url, connectionName: "tests")
        configuration.virtualHost = name
        var components = URLComponents(string: url)
        components?.path = "/\(name)"
        guard let ownURL = components?.string else { throw PrivateBrokerError("the broker's URL cannot be read") }
        let host = TestVirtualHost(name: name, configuration: configuration, url: ownURL, maker: maker)
        try await host.make(for: configuration.username)
        do {
            try await body(host)
        } catch {
            // The test's own failure says more.
            try? await host.remove()
            throw error
        }
        try await host.remove()
    }

    private func make(for user: String) async throws {
        switch maker {
        case .management(let url):
            try await call("PUT", "vhosts/\(name)", of: url)
            try await call(
                "PUT", "permissions/\(name)/\(user)", of: url,
                body: #"{"configure": ".*", "write": ".*", "read": ".*"}"#)
        case .control(let broker):
            try await broker.control("add_vhost", name)
            try await broker.control("set_permissions", "-p", name, user, ".*", ".*", ".*")
        }
    }

    private func remove() async throws {
        switch maker {
        case .management(let url): try await call("DELETE", "vhosts/\(name)", of: url)
        case .control(let broker): try await broker.control("delete_vhost", name)
        }
    }

    @discardableResult
    private func call(_ method: String, _ path: String, of management: URL, body: String? = nil) async throws -> Data {
        var components = URLComponents(url: management, resolvingAgainstBaseURL: false)
        let credentials = "\(management.user() ?? "guest"):\(management.password() ?? "guest")"
        components?.user = nil
        components?.password = nil
        components?.path = "/api/\(path)"
        guard let url = components?.url else { throw PrivateBrokerError("the management URL cannot be read") }
        var request = URLRequest(url: url, timeoutInterval: 60)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        request.setValue(
            "Basic \(Data(credentials.utf8).base64EncodedString())", forHTTPHeaderField: "authorization")
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else {
            throw PrivateBrokerError("\(method) \(url.path()) was answered with \(status)")
        }
        return data
    }
}
