import Configuration
import Contracts
import Foundation
import FoundationNetworking
import Hummingbird
import Logging
import Messaging
import NIOCore
import Postgres
import ServiceLifecycle
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import Gateway

/// A gateway on a port of its own over a real database, with scripted services behind it. It works under the role that
/// a deployment gives it.
struct GatewayHarness: Sendable {
    static let platformKey = "vge_platform_00000000000000000000000000000000"

    let services: ScriptedServices
    let work: RecordedWork
    let keys: KeyDirectory
    let watch: CheckoutWatch
    let answers: AnswerCache
    let availability: AvailabilityLookup
    let requestLog: RequestLogWriter
    /// The database under the gateway's runtime role.
    let database: PostgresClient
    /// The database under the superuser.
    let administrator: PostgresClient
    let port: Int
    /// What runs the HTTP server.
    let group: ServiceGroup

    static func with(
        requestDeadline: TimeAmount = .seconds(15), settings: [String: String] = [:],
        _ body: @Sendable (GatewayHarness) async throws -> Void
    ) async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { own in
            try await GatewayRole.allowLogin(own.client)
            var configuration = own.client.configuration
            configuration.username = "gateway"
            configuration.password = GatewayRole.password
            let database = PostgresClient(configuration: configuration, logger: quiet)
            do {
                try await run(database, own.client, requestDeadline, settings, body)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        }
    }

    private static let quiet = Logger(label: "gateway", factory: { _ in SwiftLogNoOpLogHandler() })

    private static func run(
        _ database: PostgresClient, _ administrator: PostgresClient, _ requestDeadline: TimeAmount,
        _ further: [String: String], _ body: @Sendable (GatewayHarness) async throws -> Void
    ) async throws {
        var values = further
        values["voelgoed.http.port"] = "0"
        values["voelgoed.platform.key"] = platformKey
        let settings = ServiceSettings(
            service: .gateway,
            reader: ConfigReader(
                provider: InMemoryProvider(
                    values: Dictionary(
                        uniqueKeysWithValues: values.map {
                            (AbsoluteConfigKey(stringLiteral: $0), ConfigValue(stringLiteral: $1))
                        }))))
        let services = ScriptedServices()
        let work = RecordedWork(database: database)
        let keys = KeyDirectory(database: database, platformKey: platformKey)
        let ledger = IdempotencyLedger(
            database: database, moments: .system, seal: ReplySeal(platformKey: platformKey), logger: quiet)
        let watch = CheckoutWatch()
        let answers = AnswerCache()
        let availability = AvailabilityLookup(calls: services, moments: .system)
        let requestLog = RequestLogWriter(database: database, logger: quiet)
        var edge = GatewayEdge(
            configuration: try GatewayConfiguration(settings), database: database, calls: services, work: work,
            moments: .system, keys: keys, ledger: ledger, watch: watch, answers: answers,
            availability: availability, requestLog: requestLog, logger: quiet)
        edge.requestDeadline = requestDeadline
        let (ports, opened) = AsyncStream<Int>.makeStream()
        let application = try edge.application { opened.yield($0) }
        let serviceGroup = ServiceGroup(configuration: .init(services: [ledger, application], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serviceGroup.run() }
            var opening = ports.makeAsyncIterator()
            let port = try #require(await opening.next())
            let harness = GatewayHarness(
                services: services, work: work, keys: keys, watch: watch, answers: answers,
                availability: availability, requestLog: requestLog,
                database: database, administrator: administrator, port: port, group: serviceGroup)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(harness)) } catch { outcome = .failure(error) }
            // What still runs then is finished, as on a SIGTERM.
            await serviceGroup.triggerGracefulShutdown()
            try await group.waitForAll()
            try outcome.get()
        }
    }

    /// A client with this key.
    func client(_ key: String?) -> GatewayClient { GatewayClient(port: port, key: key) }

    var platform: GatewayClient { client(Self.platformKey) }

    /// A new organisation with a key.
    func organization(
        _ scopes: [Scope] = Scope.allCases, requestsPerSecond: Int? = nil
    ) async throws -> (id: String, keyID: String, client: GatewayClient) {
        let slug = "org-\(UUID().uuidString.lowercased())"
        let id = try await platform.send(
            "POST", "/v1/organizations", .object(["name": .string("Test"), "slug": .string(slug)])
        ).text("id")
        var draft: [String: JSONValue] = [
            "name": .string("Test"), "scopes": .array(scopes.map { .string($0.rawValue) }),
        ]
        draft["requests_per_second"] = requestsPerSecond.map { .integer($0) }
        let key = try await platform.send("POST", "/v1/organizations/\(id)/api-keys", .object(draft))
        return (id, try key.text("id"), client(try key.text("key")))
    }
}

/// The gateway's role may log in on the test server.
private enum GatewayRole {
    static let password = "tests"

    // Unstructured, because all tests of the process share one change of the role; a lazy static makes it once.
    private static let change = Mutex<Task<Void, any Error>?>(nil)

    static func allowLogin(_ administrator: PostgresClient) async throws {
        let task = change.withLock { change in
            let task =
                change
                ?? Task {
                    _ = try await administrator.query("ALTER ROLE gateway LOGIN PASSWORD 'tests'")
                }
            change = task
            return task
        }
        try await task.value
    }
}

/// An ordinary HTTP client.
struct GatewayClient: Sendable {
    let port: Int
    let key: String?

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 60
        configuration.httpMaximumConnectionsPerHost = 64
        configuration.urlCache = nil
        return URLSession(configuration: configuration)
    }()

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: Data

        var json: JSONValue { (try? JSONDecoder().decode(JSONValue.self, from: body)) ?? .null }

        func header(_ name: String) -> String? { headers[name.lowercased()] }

        func text(_ name: String, _ location: SourceLocation = #_sourceLocation) throws -> String {
            guard case .string(let text)? = json[name] else {
                return try #require(nil as String?, "no \(name) in \(status) \(json)", sourceLocation: location)
            }
            return text
        }

        /// The problem's slug.
        var slug: String? {
            guard header("content-type") == "application/problem+json", case .string(let type)? = json["type"] else {
                return nil
            }
            return type.split(separator: "/").last.map(String.init)
        }

        /// The fields that the problem complains of.
        var wrongFields: [String] {
            guard case .array(let errors)? = json["errors"] else { return [] }
            return errors.compactMap { if case .string(let field)? = $0["field"] { field } else { nil } }
        }
    }

    func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, idempotencyKey: String? = UUID().uuidString,
        headers: [String: String] = [:], rawBody: Data? = nil
    ) async throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = method
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        if method == "POST", let idempotencyKey {
            request.setValue(idempotencyKey, forHTTPHeaderField: "Idempotency-Key")
        }
        request.httpBody = try rawBody ?? body.map(Self.encode)
        if request.httpBody != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await Self.session.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        var fields: [String: String] = [:]
        for (name, value) in http.allHeaderFields {
            if let name = name as? String, let value = value as? String { fields[name.lowercased()] = value }
        }
        return Answer(status: http.statusCode, headers: fields, body: data)
    }

    /// The same value always gives the same bytes, as idempotency keys demand.
    private static func encode(_ body: JSONValue) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(body)
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers: headers)
    }
}

/// Expects a problem of this kind.
func expect(
    _ answer: GatewayClient.Answer, _ status: Int, _ slug: String, _ location: SourceLocation = #_sourceLocation
) {
    #expect(answer.status == status, "\(answer.json)", sourceLocation: location)
    #expect(answer.slug == slug, "\(answer.json)", sourceLocation: location)
    #expect(answer.json["status"] == .integer(status), sourceLocation: location)
    #expect(
        answer.header("x-request-id").map { answer.json["instance"] == .string("urn:uuid:\($0)") } == true,
        sourceLocation: location)
}
