/// The two ways through a proxied connection.
enum LinkDirection: String, Sendable, CaseIterable {
    case toServer
    case toClient
}
