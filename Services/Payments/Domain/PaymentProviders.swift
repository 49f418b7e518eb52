/// The providers this installation works with, by the name that a payment instrument carries.
struct PaymentProviders: Sendable {
    private let byName: [String: any PaymentProvider]

    /// Names must differ: the later provider of a name takes its place.
    init(_ providers: [any PaymentProvider]) {
        self.byName = Dictionary(providers.map { ($0.name, $0) }, uniquingKeysWith: { _, later in later })
    }

    /// The provider of that name; nil when this installation has none.
    func find(_ name: String) -> (any PaymentProvider)? {
        byName[name]
    }
}
