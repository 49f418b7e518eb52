/// Whether an organisation may act. Anything but `active` stops every operation.
public enum OrganizationStatus: String, Codable, Sendable, CaseIterable {
    case active
    case suspended
    case closed

    public static var example: OrganizationStatus { .active }
}
