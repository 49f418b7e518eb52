import Contracts
import Foundation
import Logging
import Metrics

/// Logs as JSON lines on standard error, metrics in Prometheus form.
struct Observability: Sendable {
    let logger: Logger
    let registry: PrometheusRegistry

    /// Sets up the process: once.
    init(_ settings: ServiceSettings) throws {
        let level = try Self.level(settings)
        LoggingSystem.bootstrap { label in
            var handler = JSONLogHandler(service: settings.service.rawValue, label: label)
            handler.logLevel = level
            return handler
        }
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        self.registry = registry
        self.logger = Logger(label: settings.service.rawValue)
    }

    static func level(_ settings: ServiceSettings) throws -> Logger.Level {
        try settings.choice("log.level", default: Logger.Level.info, "The least important log lines that are written.")
    }
}
