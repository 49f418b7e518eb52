import Foundation

@testable import TicketDocuments

/// Sheets that look like what organisers and guests really enter.
enum SampleSheets {
    static let createdAt = Date(timeIntervalSince1970: 1_796_500_805)

    /// A ticket code as long as the real ones.
    static let code = "VG1" + String(repeating: "AFC4FRAIFNIS5RR2DOEXRCFBSJ53QJSBREZRDGC5", count: 4).prefix(146)

    static var usual: TicketSheet {
        TicketSheet(
            eventName: "Kirstenbosch Summer Sunset Concerts",
            occurrenceName: "Freshlyground with the Cape Town Philharmonic",
            startsAt: "Sunday 6 December 2026, 17:30",
            endsAt: "21:00",
            timezone: "Africa/Johannesburg",
            venueName: "Kirstenbosch National Botanical Garden",
            venueAddress: "Rhodes Drive, Newlands\nCape Town 7735",
            organizerName: "Voelgoed Live",
            orderCode: "7KQ4-MX2P",
            buyerName: "Anneke van der Merwe",
            tickets: [
                TicketFace(
                    ticketTypeName: "General admission", holderName: "Anneke van der Merwe", priceText: "R 295,00",
                    confirmationCode: "H7MK-42QX", code: code,
                    notes: "Gates open at 16:00. Bring a blanket and a picnic; glass is not allowed.\n"
                        + "Parking is free along Rhodes Drive from 15:00."),
                TicketFace(
                    ticketTypeName: "Golden circle", holderName: "Pieter Botha", priceText: "R 650,00",
                    confirmationCode: "W3TN-9ZKC", code: String(code.dropLast()) + "Q"),
            ])
    }

    /// The same sheet with one ticket and every field as given.
    static func filled(_ text: String, code: String = code) -> TicketSheet {
        TicketSheet(
            eventName: text, occurrenceName: text, startsAt: text, endsAt: text, timezone: text, venueName: text,
            venueAddress: text, organizerName: text, orderCode: text, buyerName: text,
            tickets: [
                TicketFace(
                    ticketTypeName: text, holderName: text, priceText: text, confirmationCode: text, code: code,
                    notes: text)
            ])
    }
}
