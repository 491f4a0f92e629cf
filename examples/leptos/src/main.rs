//! Asklet in a leptos application: `trunk serve` in this folder, and see the README.

mod app;
mod words;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
