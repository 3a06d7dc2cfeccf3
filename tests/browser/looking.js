// What is told of a page as it stands: each function gives lines, one a complaint. It is run by the browser, not sent.
(() => {
  const named = (element) => {
    const parts = [];
    for (let each = element; each && each !== document.body && parts.length < 3; each = each.parentElement) {
      const classes = typeof each.className === "string" ? each.className.trim().split(/\s+/).filter(Boolean) : [];
      parts.unshift([each.id ? `${each.localName}#${each.id}` : each.localName, ...classes].join("."));
    }
    const text = (element.innerText ?? element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    return text ? `${parts.join(" > ")} “${text}”` : parts.join(" > ");
  };
  const style = (element) => getComputedStyle(element);
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && [...element.getClientRects()].some((box) => box.width > 1 && box.height > 1);
  const all = (selector = "body *") => [...document.querySelectorAll(selector)];
  // Whatever is cut off or scrolled by something around it reaches no further than that.
  const isHeld = (element) => {
    for (let each = element.parentElement; each && each !== document.body; each = each.parentElement) {
      if (style(each).overflowX !== "visible") return true;
    }
    return false;
  };

  const overflowing = (width) => {
    const reach = document.documentElement.scrollWidth;
    if (reach <= width) return [];
    const wide = all().filter((each) => {
      const box = each.getBoundingClientRect();
      return (box.right > width + 1 || box.left < -1) && seen(each) && !isHeld(each);
    });
    const inner = wide.filter((each) => !wide.some((other) => other !== each && each.contains(other)));
    return [`scrolls sideways, to ${reach} px of ${width}: ${inner.slice(0, 3).map(named).join("; ") || "html"}`];
  };

  // Text that its own box hides, where nobody can scroll to it.
  const cut = () =>
    all()
      .filter((each) => {
        const how = style(each);
        const hides = ["hidden", "clip"].some((word) => word === how.overflowX || word === how.overflowY);
        const over = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
        return hides && over && each.clientWidth > 1 && seen(each) && each.innerText?.trim() && how.webkitLineClamp === "none";
      })
      .map((each) => `cuts text off: ${named(each)}`);

  // Text with room for less than so many of its own letters' heights on a line.
  const squeezed = (least) =>
    all(":is(main :is(h1, h2, h3), .teaser p, .content > p)")
      .filter((each) => seen(each) && each.clientWidth < least * parseFloat(style(each).fontSize))
      .map((each) => `has ${each.clientWidth} px for a line of ${style(each).fontSize}: ${named(each)}`);

  // What can be read only by scrolling in a box of its own, as on paper nobody can.
  const scrolled = () =>
    all()
      .filter((each) => ["auto", "scroll"].includes(style(each).overflowX) && each.scrollWidth > each.clientWidth + 1 && seen(each))
      .map((each) => `is cut off by its box: ${named(each)}`);

  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  // Any colour that a style sheet can say, as [red, green, blue, alpha].
  const rgba = (colour) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((each, at) => each * a + below[at] * (1 - a));
  // Whether the browser's own paper is the dark one (CSS Color Adjustment 1, 2.1).
  const isDark = () => {
    const own = style(document.documentElement).colorScheme;
    const said = own === "normal" ? (document.querySelector("meta[name=color-scheme]")?.content ?? "") : own;
    return said.includes("dark") && (!said.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches);
  };
  const ground = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.push(rgba(style(each).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), isDark() ? [18, 18, 18] : [255, 255, 255]);
  };
  // WCAG 2.2, relative luminance and contrast ratio.
  const luminance = (colour) => {
    const [r, g, b] = colour.map((each) => (each /= 255) <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [more, less] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
  const faint = (least) =>
    all()
      .filter((each) => hasText(each) && seen(each) && !each.closest("svg"))
      .map((each) => {
        const below = ground(each);
        return [each, ratio(over(rgba(style(each).color), below), below)];
      })
      .filter(([, found]) => found < least)
      .map(([each, found]) => `is faint, ${found.toFixed(2)} to 1: ${named(each)}`);

  // How bright the page itself is, from 0 to 1.
  const brightness = () => luminance(ground(document.body));

  // How much moved by itself while the page came, as Chromium counts it (Layout Instability, cumulative).
  const shift = () =>
    new Promise((told) => {
      let sum = 0;
      const watch = new PerformanceObserver((list) => list.getEntries().forEach((each) => (sum += each.value)));
      watch.observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => setTimeout(() => told(sum), 20));
    });

  // What is only there to go somewhere else, and is still to be seen.
  const navigation = () =>
    all("nav, [role=navigation], form, [role=search], body > header :is(a, nav):not(.name), body > footer, a[href^='#page-text'], button")
      .filter(seen)
      .map((each) => `is printed: ${named(each)}`);

  const order = () => all("a[href], button, input, select, textarea, summary").filter((each) => each.tabIndex >= 0);
  // What the Tab key is to reach, as places in the page's order: also what is only seen when it is reached.
  const reachable = () => order().flatMap((each, at) => (each.checkVisibility({ visibilityProperty: true }) ? [at] : []));
  const focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const how = style(element);
    const box = element.getBoundingClientRect();
    const links = order();
    const before = (each) => each.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    return {
      name: named(element),
      // Of what scrolls and is no link: behind the link before it.
      at: links.includes(element) ? links.indexOf(element) : links.filter(before).length - 0.5,
      isLink: links.includes(element),
      href: element.getAttribute("href") ?? "",
      isShown: (how.outlineStyle !== "none" && parseFloat(how.outlineWidth) >= 1) || how.boxShadow !== "none",
      isInSight: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    };
  };

  const pictures = () =>
    all("img").filter((each) => each.complete && !each.naturalWidth).map((each) => `shows no picture: ${each.src}`);
  const data = () =>
    all("script[type='application/ld+json']").flatMap((each) => {
      try {
        return JSON.parse(each.textContent)["@context"] ? [] : ["says nothing of @context in its structured data"];
      } catch (error) {
        return [`has structured data that is no JSON: ${error.message}`];
      }
    });

  window.looking = { overflowing, cut, squeezed, scrolled, faint, brightness, shift, navigation, reachable, focused, pictures, data };
})();
