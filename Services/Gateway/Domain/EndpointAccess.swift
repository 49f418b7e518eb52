/// Who may call an endpoint.
enum EndpointAccess: Sendable, Equatable {
    /// Anybody, without a key.
    case open
    /// The platform key only.
    case platform
    /// A key of an organisation that has this scope.
    case scope(Scope)
}
