// The what-if panel: the arithmetic of costsim.economics on the numbers of one run.
//
// It begins with the run's own saving on a case and adds what a changed hourly cost makes. Where it
// cannot reproduce the run's figures from the run's values, it does not offer itself.
"use strict";
(() => {
  const ROUNDING = 1e-12;
  const PENNY = 0.01;
  const FACTOR = 5; // the discount factor among the figures of a year
  const at = (id) => document.getElementById(id);

  // --- sums ------------------------------------------------------------------------------------

  // The exact sum of some numbers, rounded once (Shewchuk 1997), as Python's math.fsum gives it.
  function fsum(values) {
    const parts = [];
    for (let x of values) {
      let kept = 0;
      for (let j = 0; j < parts.length; j += 1) {
        let y = parts[j];
        if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
        const high = x + y;
        const low = y - (high - x);
        if (low !== 0) {
          parts[kept] = low;
          kept += 1;
        }
        x = high;
      }
      parts.length = kept;
      parts.push(x);
    }
    let n = parts.length - 1;
    if (n < 0) return 0;
    let high = parts[n];
    let low = 0;
    while (n > 0 && low === 0) {
      const x = high;
      n -= 1;
      high = x + parts[n];
      low = parts[n] - (high - x);
    }
    if (n > 0 && Math.sign(low) === Math.sign(parts[n - 1])) {
      const twice = low * 2;
      const x = high + twice;
      if (twice === x - high) high = x;
    }
    return high;
  }

  const range = (size) => [...Array(size).keys()];
  const totals = (amounts) => amounts.map((_, end) => fsum(amounts.slice(0, end + 1)));
  const times = (some, others) => some.map((each, n) => each * others[n]);
  const ratio = (one, other) => {
    const found = other > 0 ? one / other : NaN;
    return Number.isFinite(found) ? found : null;
  };

  // --- the appraisal ---------------------------------------------------------------------------

  function factors(rates, timing) {
    const own = { year_end: 1, mid_year: 0.5, year_start: 0 }[timing];
    const found = [1];
    let start = 1;
    for (const rate of rates) {
      found.push(start / (1 + rate) ** own);
      start /= 1 + rate;
    }
    return found;
  }

  // The saving on a case and the cost of running both pathways, when hourly costs have moved.
  function perCase(site, rates) {
    const moved = (minutes) =>
      Object.entries(site.roles).map(([key, role]) => (role[minutes] * (rates[key] - role.rate)) / 60);
    return {
      saving: fsum([site.saving, ...moved("released")]),
      work: fsum([site.doubled[0], ...moved("own")]),
      other: site.doubled[1],
    };
  }

  function siteFlow(base, site, given, years) {
    const found = perCase(site, given.rates);
    const gross = found.saving * given.volume;
    const staff = gross - site.other * given.volume;
    const work = found.work * given.volume;
    const other = found.other * given.volume;
    const rise = (n) => base.levels[n] - 1;
    return {
      gross,
      saving: range(years).map((n) => site.shares[n] * given.reach * (gross + staff * rise(n))),
      running: site.running.slice(0, years),
      double: range(years).map((n) => site.double[n] * given.reach * (work + other + work * rise(n))),
    };
  }

  function payback(oneOff, nets) {
    if (oneOff <= 0) return 0;
    let before = 0;
    for (const [year, after] of totals(nets).entries()) {
      if (after >= oneOff * (1 - ROUNDING)) {
        return year + Math.min((oneOff - before) / (after - before), 1);
      }
      before = after;
    }
    return null;
  }

  // `given`: a volume, rates and reach for each site; one-off cost; rates by year; years.
  function appraise(base, given) {
    const years = given.years;
    const flows = base.sites.map((site, n) => siteFlow(base, site, given.sites[n], years));
    const yearly = (of) => range(years).map((n) => fsum(flows.map((flow) => of(flow, n))));
    const saving = yearly((flow, n) => flow.saving[n]);
    const running = yearly((flow, n) => flow.running[n]);
    const double = yearly((flow, n) => flow.double[n]);
    const falls = yearly((flow, n) => flow.saving[n] + Math.max(0, -flow.running[n]));
    const rises = yearly((flow, n) => Math.max(0, flow.running[n]));
    const nets = range(years).map((n) => saving[n] - running[n] - double[n]);
    const net = [0 - given.oneOff, ...nets];
    const weights = factors(given.discount.slice(0, years), base.timing);
    const discounted = times(net, weights);
    const costs = [Math.max(0, given.oneOff), ...range(years).map((n) => rises[n] + double[n])];
    const gross = fsum(flows.map((flow) => flow.gross));
    const change = fsum(base.sites.map((site) => site.annual_running));
    const cumulative = totals(net);
    const later = totals(discounted);
    return {
      figures: {
        per_case_saving: (1 / fsum(given.sites.map((site) => site.volume))) * gross,
        annual_saving: gross - change,
        total_saving: fsum(nets),
        net_benefit: fsum(net),
        net_present_value: fsum(discounted),
        benefit_cost_ratio: ratio(
          fsum(times([0, ...falls], weights)),
          fsum(times(costs, weights)),
        ),
        return_on_investment: ratio(fsum(net), fsum(costs)),
        payback_years: payback(given.oneOff, nets),
        discounted_payback_years: payback(given.oneOff, discounted.slice(1)),
      },
      flow: net.map((_, n) => [
        n ? saving[n - 1] : 0,
        n ? running[n - 1] : 0,
        n ? double[n - 1] : 0,
        n ? nets[n - 1] : 0,
        cumulative[n],
        weights[n],
        discounted[n],
        later[n],
      ]),
    };
  }

  // What the one-off cost comes to when the hourly costs in it have moved.
  const oneOff = (base, sites) =>
    fsum(
      base.sites.flatMap((site, n) => [
        site.one_off,
        ...Object.entries(site.roles).map(
          ([key, role]) => (role.once * (sites[n].rates[key] - role.rate)) / 60,
        ),
      ]),
    );

  // --- words -----------------------------------------------------------------------------------

  // Decimals as Python rounds them: an exact half goes to the even digit.
  function fixed(value, digits) {
    const text = Math.abs(value).toFixed(digits);
    const scaled = Math.abs(value) * 10 ** digits;
    const tie = scaled - Math.floor(scaled) === 0.5 && Number.isInteger(Math.abs(value) * 1024);
    const even = (Math.floor(scaled) % 2 ? Math.ceil(scaled) : Math.floor(scaled)) / 10 ** digits;
    return tie ? even.toFixed(digits) : text;
  }

  function grouped(value, digits) {
    const [whole, part] = fixed(value, digits).split(".");
    const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (part ? `.${part}` : "");
    return (value < 0 && /[1-9]/.test(text) ? "-" : "") + text;
  }

  function money(value) {
    const text = grouped(value, 2);
    return text.startsWith("-") ? `-£${text.slice(1)}` : `£${text}`;
  }

  const SHOWN = {
    benefit_cost_ratio: (value) => (value === null ? "not defined" : grouped(value, 2)),
    return_on_investment: (value) =>
      value === null ? "not defined" : `${fixed(value * 100, 1).replace(/^/, value < 0 ? "-" : "")}%`,
    payback_years: (value) => (value === null ? "never" : grouped(value, 2)),
    discounted_payback_years: (value) => (value === null ? "never" : grouped(value, 2)),
  };
  const show = (name, value) => (SHOWN[name] || money)(value);

  function difference(name, now, before) {
    if (now === null || before === null) return now === before ? "none" : "not comparable";
    const moved = now - before;
    const text = show(name, moved);
    if (!/[1-9]/.test(text)) return "none";
    return moved > 0 ? `+${text}` : text;
  }

  // --- reading the fields ----------------------------------------------------------------------

  const PLAIN = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)?(\.\d*)?$/;
  const ASKED = {
    money: "an amount in pounds, such as 43.17",
    percent: "a percentage, such as 3.5",
    number: "a number, such as 120",
    whole: "a whole number of years, such as 5",
  };

  // The number in a text, in the unit of the arithmetic; null where it is none.
  function parsed(text, form) {
    let bare = text.replace(/\s/g, "").replace(/[−–]/g, "-");
    if (form === "money") bare = bare.replace(/^(-?)£/, "$1");
    if (form === "percent") bare = bare.replace(/%$/, "");
    if (form === "whole") bare = bare.replace(/years?$/, "");
    const found = PLAIN.exec(bare);
    if (!found || !/\d/.test(bare)) return null;
    const digits = bare.replace(/,/g, "");
    const value = Number(form === "percent" ? `${digits}e-2` : digits);
    return form === "whole" && !Number.isInteger(value) ? null : value;
  }

  const written = (value, form) =>
    form === "money" ? money(value) : form === "percent" ? `${+(value * 100).toFixed(6)}%` : grouped(value, value % 1 ? 2 : 0);

  function complaint(input, limits) {
    const name = input.dataset.name;
    if (!input.value.trim()) return `${name}: enter ${ASKED[limits.form]}`;
    const value = parsed(input.value, limits.form);
    if (value === null) return `${name}: “${input.value.trim().slice(0, 40)}” is not ${ASKED[limits.form]}`;
    if (value < limits.low || value > limits.high) {
      const ends = [limits.low, limits.high].map((end) => written(end, limits.form));
      return `${name}: must be between ${ends[0]} and ${ends[1]}`;
    }
    return "";
  }

  // --- the panel -------------------------------------------------------------------------------

  function panel(base) {
    const form = at("panel");
    const inputs = [...form.querySelectorAll("input")];
    const texts = new Map(inputs.map((input) => [input.name, input.value]));
    const title = document.title;
    let byHand = false;

    // A field that still has its first text stands for the run's exact value.
    function value(name) {
      const input = at(`field-${name}`);
      const limits = base.fields[name];
      return input.value === texts.get(name) ? limits.value : parsed(input.value, limits.form);
    }

    function reach(site, number) {
      const name = ["rollout", `s${number}-rollout`].find((each) => each in base.fields);
      return name === undefined ? 1 : value(name) / site.reached;
    }

    const siteValues = () =>
      base.sites.map((site, number) => ({
        volume: value(`s${number}-volume`),
        rates: Object.fromEntries(
          Object.keys(site.roles).map((key) => [key, value(`s${number}-${key}`)]),
        ),
        reach: reach(site, number),
      }));

    function given() {
      const sites = siteValues();
      const asRun = at("field-rate").value === texts.get("rate");
      return {
        sites,
        oneOff: byHand ? value("one-off") : oneOff(base, sites),
        discount: asRun ? base.rates : base.rates.map(() => value("rate")),
        years: value("years"),
      };
    }

    function explain(problems) {
      for (const input of inputs) {
        const words = problems.get(input.name) || "";
        const error = at(`field-${input.name}-error`);
        error.textContent = words;
        error.hidden = !words;
        at(`field-${input.name}-box`).classList.toggle("wrong", Boolean(words));
        const hint = at(`field-${input.name}-hint`) ? `field-${input.name}-hint` : "";
        const described = [hint, words ? error.id : ""].filter(Boolean).join(" ");
        if (described) input.setAttribute("aria-describedby", described);
        else input.removeAttribute("aria-describedby");
        if (words) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
      const summary = at("panel-errors");
      const items = [...problems].map(([name, words]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = `#field-${name}`;
        link.textContent = words;
        link.addEventListener("click", (event) => {
          event.preventDefault();
          at(`field-${name}`).focus();
        });
        item.append(link);
        return item;
      });
      summary.querySelector("ul").replaceChildren(...items);
      summary.hidden = !items.length;
      document.title = items.length ? `Error: ${title}` : title;
    }

    function problemsNow() {
      const found = inputs.map((input) => [input.name, complaint(input, base.fields[input.name])]);
      return new Map(found.filter(([, words]) => words));
    }

    function fill(found) {
      for (const [name, before] of Object.entries(base.run)) {
        at(`now-${name}`).textContent = found ? show(name, found.figures[name]) : "";
        at(`change-${name}`).textContent = found ? difference(name, found.figures[name], before) : "";
      }
      const rows = found ? found.flow.map((cells, year) => yearRow(cells, year)) : [];
      at("panel-years").querySelector("tbody").replaceChildren(...rows);
    }

    // One year, by the columns of the table: a figure now, or the same of the run.
    function yearRow(cells, year) {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = String(year);
      row.append(head);
      for (const { dataset } of at("panel-years").querySelectorAll("[data-column]")) {
        const [which, number] = dataset.column.split("-");
        const from = which === "run" ? base.flow[year] : cells;
        const cell = document.createElement("td");
        cell.className = "n";
        cell.textContent = from ? yearly(Number(number), from[number]) : "not in the run";
        row.append(cell);
      }
      return row;
    }

    const yearly = (number, value) => (number === FACTOR ? grouped(value, 4) : money(value));

    function told(found) {
      const { net_benefit: net, net_present_value: worth, payback_years: repaid } = found.figures;
      const same = inputs.every((input) => input.value === texts.get(input.name));
      const after = repaid === null ? "never repaid within the horizon" : `repaid after ${grouped(repaid, 2)} years`;
      return (
        `${same ? "These are the run's values" : "With your values"}: net benefit ${money(net)}` +
        ` (as run ${money(base.run.net_benefit)}), net present value ${money(worth)}` +
        ` (as run ${money(base.run.net_present_value)}), ${after}.`
      );
    }

    // A field that is left works things out; what is wrong is explained when that is asked for, so
    // that nothing moves away from under a pointer that is about to press the button.
    function work(submitted) {
      const problems = problemsNow();
      if (submitted) explain(problems);
      if (problems.size) {
        fill(null);
        at("panel-status").textContent = "Nothing is worked out while a value cannot be used.";
        if (submitted) at("panel-errors").focus();
        return;
      }
      const values = given();
      if (!byHand) follow(values.oneOff);
      const found = appraise(base, values);
      fill(found);
      at("panel-status").textContent = told(found);
    }

    // The one-off cost moves with the hourly costs in it, until somebody writes another.
    function follow(amount) {
      const moved = amount !== base.fields["one-off"].value;
      at("field-one-off").value = moved ? grouped(amount, 2) : texts.get("one-off");
    }

    function reset() {
      for (const input of inputs) input.value = texts.get(input.name);
      byHand = false;
      work(true);
    }

    // Whether the run's own values give the run's own figures.
    function reproduces() {
      const found = appraise(base, given());
      const near = (one, other) =>
        one === other || (one !== null && other !== null && Math.abs(one - other) < PENNY / 2);
      return (
        Object.entries(base.run).every(([name, value]) => near(found.figures[name], value)) &&
        found.flow.length === base.flow.length &&
        found.flow.every((row, year) => row.every((cell, n) => near(cell, base.flow[year][n])))
      );
    }

    if (!reproduces()) {
      at("panel-off").textContent =
        "The panel is not offered: its arithmetic does not reproduce the figures of this run. " +
        "The results on this page are those of the run.";
      return;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      work(true);
    });
    form.addEventListener("change", () => work(false));
    at("field-one-off").addEventListener("input", () => {
      byHand = true;
    });
    at("panel-reset").addEventListener("click", reset);
    at("panel-off").hidden = true;
    form.hidden = false;
    work(false);
  }

  // On paper nothing can be opened, so everything is, and is closed again afterwards.
  function paper() {
    let opened = [];
    window.addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open])")];
      for (const each of opened) each.open = true;
    });
    window.addEventListener("afterprint", () => {
      for (const each of opened) each.open = false;
    });
  }

  paper();
  const numbers = at("panel-numbers");
  if (numbers) panel(JSON.parse(numbers.textContent));
})();
