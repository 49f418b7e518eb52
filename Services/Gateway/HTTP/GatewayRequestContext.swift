import Hummingbird

/// What travels along with one request.
struct GatewayRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Set by ``EdgeMiddleware`` before anything else sees the request.
    var arrival: Arrival?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
