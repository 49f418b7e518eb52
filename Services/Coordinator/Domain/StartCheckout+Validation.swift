import Contracts

extension StartCheckout {
    /// What is wrong with the draft's shape, field by field. Whether the items can be sold is Ticketing's to say.
    /// Nil when nothing is.
    var problem: Problem? {
        let errors = draft.fieldErrors
        return errors.isEmpty ? nil : .validation(errors)
    }
}

extension PayCheckout {
    /// What is wrong with the instrument's shape. Nil when nothing is.
    var problem: Problem? {
        let errors = instrument.fieldErrors(in: "")
        return errors.isEmpty ? nil : .validation(errors)
    }
}

extension CheckoutDraft {
    private static let maximumItems = 100
    private static let maximumTextLength = 200

    fileprivate var fieldErrors: [Problem.FieldError] {
        var errors: [Problem.FieldError] = []
        if items.isEmpty || items.count > Self.maximumItems {
            errors.append(.init(field: "items", message: "must name 1 to \(Self.maximumItems) ticket types"))
        }
        for (index, item) in items.enumerated() where item.quantity < 1 {
            errors.append(.init(field: "items[\(index)].quantity", message: "must be 1 or more"))
        }
        if !EmailAddress.isDeliverable(buyer.email) {
            errors.append(.init(field: "buyer.email", message: EmailAddress.requirement))
        }
        errors += Self.nameErrors(buyer.givenName, buyer.familyName, in: "buyer")
        for (index, attendee) in (attendees ?? []).enumerated() {
            if let email = attendee.email, !EmailAddress.isDeliverable(email) {
                errors.append(.init(field: "attendees[\(index)].email", message: EmailAddress.requirement))
            }
            errors += Self.nameErrors(attendee.givenName, attendee.familyName, in: "attendees[\(index)]")
        }
        // Quantities come from outside: their sum may not overflow.
        let ticketCount = items.reduce(0) { $0.addingReportingOverflow(max(0, $1.quantity)).partialValue }
        if let attendees, ticketCount >= 0, attendees.count > ticketCount {
            errors.append(.init(field: "attendees", message: "must not be more than the tickets"))
        }
        return errors + (payment?.fieldErrors(in: "payment.") ?? [])
    }

    private static func nameErrors(_ givenName: String, _ familyName: String?, in field: String) -> [Problem.FieldError]
    {
        var errors: [Problem.FieldError] = []
        if !isText(givenName) {
            errors.append(
                .init(field: "\(field).given_name", message: "must have 1 to \(maximumTextLength) characters"))
        }
        if let familyName, !familyName.isEmpty, !isText(familyName) {
            errors.append(
                .init(field: "\(field).family_name", message: "must have at most \(maximumTextLength) characters"))
        }
        return errors
    }

    private static func isText(_ text: String) -> Bool {
        let isBlank = text.allSatisfy(\.isWhitespace)
        let hasControls = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return !isBlank && !hasControls && text.count <= maximumTextLength
    }
}

extension PaymentInstrument {
    private static let maximumLength = 255

    fileprivate func fieldErrors(in prefix: String) -> [Problem.FieldError] {
        [("provider", provider), ("token", token)].compactMap { field, value in
            guard value.isEmpty || value.count > Self.maximumLength else { return nil }
            return .init(field: prefix + field, message: "must have 1 to \(Self.maximumLength) characters")
        }
    }
}
