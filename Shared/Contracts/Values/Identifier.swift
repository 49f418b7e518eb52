import Foundation

/// A UUID (version 7, RFC 9562) that knows what it identifies, so that an order's id never lands where a ticket's belongs.
public struct Identifier<Subject>: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: UUID

    public init(rawValue: UUID) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: UUID) {
        self.rawValue = rawValue
    }

    /// Reads the canonical text form, upper or lower case; nil when it is not a UUID.
    public init?(_ text: String) {
        guard let uuid = UUID(text: text) else { return nil }
        self.rawValue = uuid
    }

    /// The canonical lower-case text form.
    public var description: String { rawValue.lowercaseText }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let uuid = UUID(text: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be a UUID")
        }
        self.rawValue = uuid
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What identifiers can point at.
public enum Subject {
    public enum Account {}
    public enum APIKey {}
    public enum Attendee {}
    public enum Charge {}
    public enum Checkout {}
    public enum Device {}
    public enum EventDefinition {}
    public enum Gate {}
    public enum JournalEntry {}
    public enum LedgerAccount {}
    public enum Occurrence {}
    public enum Order {}
    public enum Organization {}
    public enum Refund {}
    public enum Scan {}
    public enum Ticket {}
    public enum TicketType {}
    public enum WebhookDelivery {}
    public enum WebhookEndpoint {}
    public enum WebhookEvent {}
    public enum WebhookSecretRotation {}
}

public typealias AccountID = Identifier<Subject.Account>
public typealias APIKeyID = Identifier<Subject.APIKey>
public typealias AttendeeID = Identifier<Subject.Attendee>
public typealias ChargeID = Identifier<Subject.Charge>
public typealias CheckoutID = Identifier<Subject.Checkout>
public typealias DeviceID = Identifier<Subject.Device>
public typealias EventID = Identifier<Subject.EventDefinition>
public typealias GateID = Identifier<Subject.Gate>
public typealias JournalEntryID = Identifier<Subject.JournalEntry>
public typealias LedgerAccountID = Identifier<Subject.LedgerAccount>
public typealias OccurrenceID = Identifier<Subject.Occurrence>
public typealias OrderID = Identifier<Subject.Order>
public typealias OrganizationID = Identifier<Subject.Organization>
public typealias RefundID = Identifier<Subject.Refund>
public typealias ScanID = Identifier<Subject.Scan>
public typealias TicketID = Identifier<Subject.Ticket>
public typealias TicketTypeID = Identifier<Subject.TicketType>
public typealias WebhookDeliveryID = Identifier<Subject.WebhookDelivery>
public typealias WebhookEndpointID = Identifier<Subject.WebhookEndpoint>
public typealias WebhookEventID = Identifier<Subject.WebhookEvent>
public typealias WebhookSecretRotationID = Identifier<Subject.WebhookSecretRotation>
