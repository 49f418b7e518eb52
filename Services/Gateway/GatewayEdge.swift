import Contracts
import Hummingbird
import Logging
import Messaging
import NIOCore
import Postgres

/// The HTTP side of the Gateway: its routes, with everything in front of them and behind.
struct GatewayEdge: Sendable {
    /// After so long without a byte of a request, a connection is closed.
    private static let idleSeconds: Int64 = 75

    let configuration: GatewayConfiguration
    let database: PostgresClient
    let calls: any ServiceCalls
    let work: any CommittedWork
    let moments: MomentSource
    let keys: KeyDirectory
    let watch: CheckoutWatch
    let requestLog: RequestLogWriter
    let logger: Logger

    /// - Parameter onServerRunning: called with the port once it is open.
    func application(
        onServerRunning: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> Application<RouterResponder<GatewayRequestContext>> {
        // The server's own lines say nothing that the request lines do not.
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        return Application(
            router: try router(),
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil,
                availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: quiet)),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { onServerRunning(port) }
            }, logger: quiet)
    }

    func router() throws -> Router<GatewayRequestContext> {
        let ledger = IdempotencyLedger(
            database: database, moments: moments, seal: ReplySeal(platformKey: configuration.platformKey))
        let recorder = ActionRecorder(work: work)
        let endpoints = try api(ledger, recorder).endpoints()
        let pipeline = EndpointPipeline(
            keys: keys, limiter: RateLimiter(), ledger: ledger, recorder: recorder, bodies: BodyReader(),
            moments: moments, logger: logger)
        let middleware = EdgeMiddleware(
            moments: moments, endpoints: endpoints, requestLog: requestLog, logger: logger)
        return endpoints.router(pipeline, edge: middleware)
    }

    private func api(_ ledger: IdempotencyLedger, _ recorder: ActionRecorder) -> GatewayAPI {
        GatewayAPI(
            organizations: OrganizationRoutes(database: database, recorder: recorder, ledger: ledger),
            checkouts: CheckoutRoutes(
                calls: calls, availability: AvailabilityLookup(calls: calls, moments: moments),
                wait: CheckoutWait(watch: watch, calls: calls),
                stream: CheckoutEventStream(
                    watch: watch, calls: calls, access: LastingAccess(keys: keys, moments: moments))),
            calls: calls, publicURL: configuration.publicURL,
            readiness: { [database] in
                do {
                    _ = try await database.query("SELECT 1")
                    return nil
                } catch {
                    return "The gateway's database does not answer."
                }
            })
    }
}
