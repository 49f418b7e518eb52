import Contracts

extension StartCheckout {
    /// What the history keeps of the start: no personal data and no payment token, since history is never erased.
    var facts: JSONValue {
        let items: [JSONValue] = draft.items.map {
            .object([
                "ticket_type_id": .string($0.ticketTypeID.description), "quantity": .integer($0.quantity),
            ])
        }
        return .object([
            "order_id": .string(orderID.description), "occurrence_id": .string(draft.occurrenceID.description),
            "items": .array(items), "with_payment": .bool(draft.payment != nil),
        ])
    }
}
