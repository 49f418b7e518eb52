import Contracts

extension CheckoutDraft {
    static let itemCount = 1...100
    static let quantity = 1...100
    static let nameLength = 1...200

    /// What is wrong with the draft's shape, field by field; whether the items can be sold is ``SaleCheck``'s to say.
    ///
    /// Written out rather than left to ``SchemaCheck``, because every buyer's request comes through here.
    var fieldErrors: [Problem.FieldError] {
        var errors: [Problem.FieldError] = []
        if !Self.itemCount.contains(items.count) {
            errors.append(.init(field: "items", message: "must have from 1 to 100 items"))
        }
        for (index, item) in items.enumerated() where !Self.quantity.contains(item.quantity) {
            errors.append(.init(field: "items[\(index)].quantity", message: "must be from 1 to 100"))
        }
        errors += Self.emailErrors(buyer.email, "buyer.email")
        errors += Self.nameErrors(buyer.givenName, buyer.familyName, in: "buyer")
        for (index, attendee) in (attendees ?? []).enumerated() {
            let field = "attendees[\(index)]"
            if let email = attendee.email { errors += Self.emailErrors(email, "\(field).email") }
            errors += Self.nameErrors(attendee.givenName, attendee.familyName, in: field)
        }
        // Wrong quantities are named above; only right ones are worth adding up.
        let ticketCount = items.reduce(0) { $0 + min(max(0, $1.quantity), Self.quantity.upperBound) }
        if let attendees, attendees.count > ticketCount {
            errors.append(.init(field: "attendees", message: "must not be more than the tickets"))
        }
        return errors + (payment?.fieldErrors(in: "payment.") ?? [])
    }

    private static func emailErrors(_ text: String, _ field: String) -> [Problem.FieldError] {
        EmailAddress.isDeliverable(text) ? [] : [.init(field: field, message: EmailAddress.requirement)]
    }

    private static func nameErrors(_ given: String, _ family: String?, in field: String) -> [Problem.FieldError] {
        var errors: [Problem.FieldError] = []
        if !isName(given) {
            errors.append(
                .init(field: "\(field).given_name", message: "must have from 1 to 200 characters on one line"))
        }
        if let family, !family.isEmpty, !isName(family) {
            errors.append(.init(field: "\(field).family_name", message: "must have at most 200 characters on one line"))
        }
        return errors
    }

    private static func isName(_ text: String) -> Bool {
        !text.allSatisfy(\.isWhitespace) && text.unicodeScalars.count <= nameLength.upperBound
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension PaymentInstrument {
    static let textLength = 1...255

    /// What is wrong with the instrument's shape.
    /// - Parameter prefix: what stands before the field's name, such as `payment.`.
    func fieldErrors(in prefix: String = "") -> [Problem.FieldError] {
        [("provider", provider), ("token", token)].compactMap { name, text in
            let isRight =
                Self.textLength.contains(text.unicodeScalars.count)
                && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
            return isRight ? nil : .init(field: prefix + name, message: "must have from 1 to 255 characters")
        }
    }
}
