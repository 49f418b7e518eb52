import Configuration
import Contracts
import Foundation
import FoundationNetworking
import Logging
import Messaging
import Metrics
import ServiceLifecycle
import Synchronization
import Testing

@testable import ServiceRuntime

/// A whole process's services, with the servers they need away, asked over real sockets.
@Suite("Service process", .timeLimit(.minutes(2)))
struct ServiceProcessTests {
    private static let logger = Logger(label: "runtime-tests", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Nothing listens on port 1.
    private static let settings = ServiceSettings(
        service: .ticketing,
        reader: ConfigReader(
            provider: EnvironmentVariablesProvider(environmentVariables: [
                "VOELGOED_DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
                "VOELGOED_RABBITMQ_URL": "amqp://nobody:nothing@127.0.0.1:1/nothing",
                "VOELGOED_HEALTH_PORT": "1",
            ])))

    private func get(_ path: String, port: Int) async throws -> (status: Int, type: String, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        let (data, response) = try await URLSession.shared.data(from: url)
        let answer = try #require(response as? HTTPURLResponse)
        return (
            answer.statusCode, answer.value(forHTTPHeaderField: "content-type") ?? "",
            String(decoding: data, as: UTF8.self)
        )
    }

    /// Runs services until the body is done and then asks them to stop.
    private func running(
        _ services: (@escaping @Sendable (Int) -> Void) throws -> [any Service], _ body: (Int) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(
            configuration: .init(
                services: try services { number in
                    port.yield(number)
                    port.finish()
                }, logger: Self.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                for await number in ports { try await body(number) }
            } catch {
                tasks.cancelAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func health(
        _ checks: [ReadinessCheck], registry: PrometheusRegistry = PrometheusRegistry(),
        _ onListening: @escaping @Sendable (Int) -> Void
    ) -> HealthServer {
        HealthServer(
            address: .init(host: "127.0.0.1", port: 0), registry: registry, checks: checks, logger: Self.logger,
            onListening: onListening)
    }

    @Test("A process says that it lives, and that it is ready when all checks say so")
    func ready() async throws {
        let registry = PrometheusRegistry()
        Counter(label: "a_total", factory: registry).increment()
        try await running({ onListening in
            [
                health(
                    [ReadinessCheck("one") { nil }, ReadinessCheck("two") { nil }], registry: registry, onListening)
            ]
        }) { port in
            let live = try await get("/health/live", port: port)
            #expect((live.status, live.body) == (200, "live\n"))
            let ready = try await get("/health/ready", port: port)
            #expect((ready.status, ready.body) == (200, "ready\n"))
            let metrics = try await get("/metrics", port: port)
            #expect(metrics.status == 200)
            #expect(metrics.type == "text/plain; version=0.0.4; charset=utf-8")
            #expect(metrics.body == "# TYPE a_total counter\na_total 1\n")
            #expect(try await get("/health/other", port: port).status == 404)
        }
    }

    @Test("A process that is not ready says why, also when a check hangs, and lives all the same")
    func notReady() async throws {
        let isReady = Mutex(false)
        try await running({ onListening in
            [
                health(
                    [
                        ReadinessCheck("fine") { nil },
                        ReadinessCheck("broken") { isReady.withLock { $0 } ? nil : "it is broken" },
                        ReadinessCheck("hanging") {
                            if isReady.withLock({ $0 }) { return nil }
                            // Never comes, and does not listen to cancellation.
                            await withCheckedContinuation { Self.park($0) }
                            return nil
                        },
                    ], onListening)
            ]
        }) { port in
            let answer = try await get("/health/ready", port: port)
            #expect(answer.status == 503)
            #expect(answer.body == "broken: it is broken\nhanging: it does not answer within 2.0 seconds\n")
            #expect(try await get("/health/live", port: port).status == 200)
            isReady.withLock { $0 = true }
            #expect(try await get("/health/ready", port: port).status == 200)
            Self.unpark()
        }
    }

    private static let parked = Mutex<[CheckedContinuation<Void, Never>]>([])

    private static func park(_ continuation: CheckedContinuation<Void, Never>) {
        parked.withLock { $0.append(continuation) }
    }

    private static func unpark() {
        let continuations = parked.withLock { parked in
            defer { parked = [] }
            return parked
        }
        for continuation in continuations { continuation.resume() }
    }

    @Test("Without a broker and a database a process starts, lives, is not ready, and stops when asked to")
    func serversAway() async throws {
        let order = Mutex<[String]>([])
        try await running({ onListening in
            var services = try ServiceProcess.services(
                Self.settings,
                { _, _ in
                    ServiceAssembly(
                        definition: ServiceDefinition(name: .ticketing, migrations: []),
                        services: [LastService { event in order.withLock { $0.append(event) } }])
                }, logger: Self.logger, registry: PrometheusRegistry())
            // The same with a port that is free.
            let health = try #require(services.first as? HealthServer)
            services[0] = HealthServer(
                address: .init(host: "127.0.0.1", port: 0), registry: health.registry, checks: health.checks,
                logger: health.logger, onListening: onListening)
            return services
        }) { port in
            #expect(try await get("/health/live", port: port).status == 200)
            let answer = try await get("/health/ready", port: port)
            #expect(answer.status == 503)
            #expect(answer.body.contains("database: it does not answer"))
            #expect(answer.body.contains("broker: not every connection is up"))
            order.withLock { $0.append("asked") }
        }
        #expect(order.withLock { $0 } == ["asked", "stopped"])
    }

    @Test("A health server without a port serves nobody and stops when asked to")
    func withoutPort() async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    HealthServer(
                        address: nil, registry: PrometheusRegistry(), checks: [], logger: Self.logger,
                        onListening: { _ in Issue.record("it listens") })
                ], logger: Self.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// A service that is stopped first.
private struct LastService: Service {
    let tell: @Sendable (String) -> Void

    func run() async throws {
        try await gracefulShutdown()
        tell("stopped")
    }
}
