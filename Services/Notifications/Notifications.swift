@main
struct Notifications {
    static func main() {}
}
