import Contracts

/// Somebody who will attend with a ticket that is being held.
struct NewAttendee: Sendable, Equatable {
    let id: AttendeeID
    let draft: AttendeeDraft
    let email: String

    /// Somebody whom the order names; mail goes to the buyer where there is no address.
    init(id: AttendeeID, draft: AttendeeDraft, buyer: Buyer) {
        self.id = id
        self.draft = draft
        email = draft.email ?? buyer.email
    }

    /// The buyer, for tickets whose holder is not named.
    init(id: AttendeeID, buyer: Buyer) {
        self.init(
            id: id,
            draft: AttendeeDraft(email: buyer.email, givenName: buyer.givenName, familyName: buyer.familyName),
            buyer: buyer)
    }

    var name: String { PersonName.full(givenName: draft.givenName, familyName: draft.familyName) }
}
