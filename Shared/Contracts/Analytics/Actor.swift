/// Who did something: an API key, the platform key, or a service by itself.
public struct Actor: Codable, Sendable, Equatable {
    public var kind: ActorKind
    /// The key's id, or the service's name.
    public var id: String
    public var name: String?

    public init(kind: ActorKind, id: String, name: String? = nil) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    public static var example: Actor {
        Actor(kind: .example, id: "0192f0c1-0000-7000-8000-000000000001", name: "Box office")
    }
}
