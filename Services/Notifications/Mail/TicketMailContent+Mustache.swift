import Mustache

// Mustache would otherwise reflect on the whole content for each name a template mentions.

extension TicketMailContent: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "eventName": eventName
        case "occurrenceName": occurrenceName
        case "start": start
        case "end": end
        case "zone": zone
        case "venueName": venueName
        case "venueAddressLines": venueAddressLines
        case "organizerName": organizerName
        case "orderCode": orderCode
        case "buyerName": buyerName
        case "givenName": givenName
        case "tickets": tickets
        case "ticketCount": ticketCount
        case "ticketCountText": ticketCountText
        case "total": total
        case "attachmentName": attachmentName
        case "publicURL": publicURL
        default: nil
        }
    }
}

extension TicketMailContent.Ticket: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "number": number
        case "typeName": typeName
        case "holderName": holderName
        case "confirmationCode": confirmationCode
        case "price": price
        default: nil
        }
    }
}
