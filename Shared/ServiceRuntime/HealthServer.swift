import Foundation
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// What operators and orchestrators ask a process: `/health/live`, `/health/ready` and `/metrics`, on a port of its own.
struct HealthServer: Service {
    /// Nil when no port is configured: then nobody asks.
    let address: BindAddress?
    let registry: PrometheusRegistry
    let checks: [ReadinessCheck]
    let logger: Logger

    static func address(_ settings: ServiceSettings) throws -> BindAddress? {
        let host = try settings.string(
            "health.host", default: "127.0.0.1", "The address on which /health and /metrics are served.")
        let port = try settings.integer(
            "health.port", default: 0, in: 0...65_535, "The port of /health and /metrics; 0 for nowhere.")
        return port == 0 ? nil : .hostname(host, port: port)
    }

    func run() async throws {
        guard let address else {
            try await gracefulShutdown()
            return
        }
        let application = Application(
            router: router(),
            configuration: .init(address: address, serverName: nil), logger: quietLogger)
        try await application.runService(gracefulShutdownSignals: [])
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
        var problems: [String] = []
        for check in checks {
            if let problem = await check.problem() { problems.append("\(check.name): \(problem)") }
        }
        return Response(
            status: problems.isEmpty ? .ok : .serviceUnavailable, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(
                byteBuffer: ByteBuffer(string: problems.isEmpty ? "ready\n" : problems.joined(separator: "\n") + "\n")))
    }
}
