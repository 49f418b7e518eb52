/// What the buyer pays with: a provider and its one-time token. Never card data.
public struct PaymentInstrument: Codable, Sendable, Equatable {
    /// `sandbox` for now.
    public var provider: String
    /// 1 to 255 characters.
    public var token: String

    public init(provider: String, token: String) {
        self.provider = provider
        self.token = token
    }

    public static var example: PaymentInstrument {
        PaymentInstrument(provider: "sandbox", token: "tok_ok")
    }
}
