import Contracts
import Hummingbird
import HummingbirdCore
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
    let ledger: IdempotencyLedger
    let watch: CheckoutWatch
    let answers: AnswerCache
    let availability: AvailabilityLookup
    let requestLog: RequestLogWriter
    let logger: Logger
    /// How many connections may wait to be accepted. Beyond it the kernel drops a client's first packets, and the client
    /// tries again after a second, then two, then four; the kernel's own limit is `net.core.somaxconn`.
    private static let waitingConnections = 4096
    /// How many connections are accepted in one turn of the event loop that they share with all that is going on: with the
    /// four of SwiftNIO's default, a rush fills the kernel's queue however long that is.
    private static let acceptedAtATime: UInt = 128
    /// How long a request may take to arrive, from its head to its last byte.
    var requestDeadline = TimeAmount.seconds(15)

    /// - Parameter onServerRunning: called with the port once it is open.
    func application(
        onServerRunning: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> Application<RouterResponder<GatewayRequestContext>> {
        // The server's own lines say nothing that the request lines do not.
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        let endpoints = try api().endpoints()
        let pipeline = pipeline()
        let middleware = EdgeMiddleware(
            moments: moments, endpoints: endpoints, requestLog: requestLog, logger: logger)
        let memory = MemoryAnswers(edge: middleware, pipeline: pipeline)
        return Application(
            router: endpoints.router(pipeline, edge: middleware),
            server: .init { [requestDeadline] responder in
                EventLoopServing(
                    base: HTTP1Channel(
                        responder: responder,
                        configuration: .init(
                            additionalChannelHandlers: [LateRequestHandler(deadline: requestDeadline)],
                            idleTimeout: .seconds(Self.idleSeconds))),
                    answers: memory)
            },
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil,
                backlog: Self.waitingConnections,
                availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: quiet)),
            onServerRunning: { channel in
                // Where this fails, few are accepted at a time, and all are in the end.
                try? await channel.setOption(.maxMessagesPerRead, value: Self.acceptedAtATime).get()
                if let port = channel.localAddress?.port { onServerRunning(port) }
            }, logger: quiet)
    }

    private func pipeline() -> EndpointPipeline {
        EndpointPipeline(
            keys: keys, limiter: RateLimiter(), admission: CheckoutAdmission(configuration.admission), ledger: ledger,
            recorder: ActionRecorder(work: work),
            bodies: BodyReader(), answers: answers, availability: availability, moments: moments, logger: logger)
    }

    private func api() -> GatewayAPI {
        GatewayAPI(
            organizations: OrganizationRoutes(database: database, recorder: ActionRecorder(work: work), ledger: ledger),
            checkouts: CheckoutRoutes(
                calls: calls, availability: availability,
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
