import Contracts

/// A mail without tickets: the facts that it tells, as they were when it was decided upon.
enum Letter: Sendable, Equatable {
    case occurrenceCanceled(RefundLetter)
    case orderRefunded(RefundLetter)
    case checkoutRefunded(CheckoutRefundLetter)
    case endpointDisabled(EndpointDisabledLetter)

    /// The names in the column `kind`.
    enum Kind: String, Codable, Sendable, CaseIterable {
        case occurrenceCanceled = "occurrence_canceled"
        case orderRefunded = "order_refunded"
        case checkoutRefunded = "checkout_refunded"
        case endpointDisabled = "webhook_endpoint_disabled"
    }

    var kind: Kind {
        switch self {
        case .occurrenceCanceled: .occurrenceCanceled
        case .orderRefunded: .orderRefunded
        case .checkoutRefunded: .checkoutRefunded
        case .endpointDisabled: .endpointDisabled
        }
    }
}

extension Letter: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind
    }

    init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .kind) {
        case .occurrenceCanceled: self = .occurrenceCanceled(try RefundLetter(from: decoder))
        case .orderRefunded: self = .orderRefunded(try RefundLetter(from: decoder))
        case .checkoutRefunded: self = .checkoutRefunded(try CheckoutRefundLetter(from: decoder))
        case .endpointDisabled: self = .endpointDisabled(try EndpointDisabledLetter(from: decoder))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        switch self {
        case .occurrenceCanceled(let letter), .orderRefunded(let letter): try letter.encode(to: encoder)
        case .checkoutRefunded(let letter): try letter.encode(to: encoder)
        case .endpointDisabled(let letter): try letter.encode(to: encoder)
        }
    }
}
