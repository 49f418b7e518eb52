import Foundation
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// What operators and orchestrators ask a process: `/health/live`, `/health/ready` and `/metrics`, on a port of its own.
struct HealthServer: Service {
    /// Where it is served.
    struct Address: Sendable {
        var host: String
        /// Zero lets the system choose.
        var port: Int
    }

    /// Nil when no port is configured: then nobody asks.
    let address: Address?
    let registry: PrometheusRegistry
    let checks: [ReadinessCheck]
    let logger: Logger
    /// Told the port once it is listened on.
    let onListening: @Sendable (Int) -> Void

    /// A check that takes longer says no: whoever asks has a time limit too.
    private static let patience = Duration.seconds(2)

    static func address(_ settings: ServiceSettings) throws -> Address? {
        let host = try settings.string(
            "health.host", default: "127.0.0.1", "The address on which /health and /metrics are served.")
        let port = try settings.integer(
            "health.port", default: 0, in: 0...65_535, "The port of /health and /metrics; 0 for nowhere.")
        return port == 0 ? nil : Address(host: host, port: port)
    }

    func run() async throws {
        guard let address else {
            try await gracefulShutdown()
            return
        }
        let application = Application(
            router: router(),
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { onListening(port) }
            }, logger: quietLogger)
        try await application.run()
    }

    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        return quiet
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/health/live") { _, _ in "live\n" }
        router.get("/health/ready") { _, _ in await readiness() }
        router.get("/metrics") { [registry] _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: registry.exposition())))
        }
        return router
    }

    private func readiness() async -> Response {
        let problems = await withTaskGroup(of: (Int, String?).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await Self.problem(of: check).map { "\(check.name): \($0)" }) }
            }
            return await group.reduce(into: []) { $0.append($1) }
                .sorted { $0.0 < $1.0 }.compactMap(\.1)
        }
        return Response(
            status: problems.isEmpty ? .ok : .serviceUnavailable, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(
                byteBuffer: ByteBuffer(string: problems.isEmpty ? "ready\n" : problems.joined(separator: "\n") + "\n")))
    }

    private static func problem(of check: ReadinessCheck) async -> String? {
        let (answers, answer) = AsyncStream.makeStream(of: String?.self)
        // Unstructured, because a check that cannot be cancelled, such as a statement that a frozen server does not answer, must
        // not hold up this answer. It ends with its own time limits.
        let asking = Task {
            answer.yield(await check.problem())
            answer.finish()
        }
        defer { asking.cancel() }
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                for await problem in answers { return problem }
                return "it was not asked to the end"
            }
            group.addTask {
                // Cancelled when the answer is there.
                try? await Task.sleep(for: patience)
                return "it does not answer within \(patience)"
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
