// Copies an address on one click. Without this file the buttons stay hidden, and the address is copied by hand.
for (const button of document.querySelectorAll("button.copy")) {
  const address = document.getElementById(button.dataset.of);
  const said = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.textContent);
    } catch { // not over https, or not allowed
      getSelection().selectAllChildren(address);
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}
