import Contracts
import Foundation
import Logging
import Messaging
import Postgres

@testable import Gateway

/// The API's endpoints without anything behind them: for what they say, not for what they do.
enum EndpointTableSample {
    static func endpoints() throws -> [Endpoint] {
        let database = PostgresClient(
            configuration: try PostgresConfiguration(url: "postgres://nobody@127.0.0.1:1/nothing"),
            logger: Logger(label: "sample", factory: { _ in SwiftLogNoOpLogHandler() }))
        let services = ScriptedServices()
        let ledger = IdempotencyLedger(
            database: database, moments: .system, seal: ReplySeal(platformKey: "a platform key for nothing"),
            logger: Logger(label: "sample", factory: { _ in SwiftLogNoOpLogHandler() }))
        let watch = CheckoutWatch()
        return try GatewayAPI(
            organizations: OrganizationRoutes(
                database: database, recorder: ActionRecorder(work: RecordedWork(database: database)), ledger: ledger),
            checkouts: CheckoutRoutes(
                calls: services, availability: AvailabilityLookup(calls: services, moments: .system),
                wait: CheckoutWait(watch: watch, calls: services),
                stream: CheckoutEventStream(
                    watch: watch, calls: services,
                    access: LastingAccess(
                        keys: KeyDirectory(database: database, platformKey: "a platform key for nothing"),
                        moments: .system))),
            calls: services, publicURL: "https://api.voelgoed.example", readiness: { nil }
        ).endpoints().endpoints
    }
}
