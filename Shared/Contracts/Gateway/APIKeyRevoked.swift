/// An API key stopped working: every gateway forgets it.
public struct APIKeyRevoked: Event {
    public static let name = "gateway.api-key-revoked.v1"
    public static let source = ServiceName.gateway

    public var apiKeyID: APIKeyID

    enum CodingKeys: String, CodingKey {
        case apiKeyID = "api_key_id"
    }

    public init(apiKeyID: APIKeyID) {
        self.apiKeyID = apiKeyID
    }

    public static var example: APIKeyRevoked {
        APIKeyRevoked(apiKeyID: .example)
    }
}
