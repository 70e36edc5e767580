(function (script, wasm) {
	// A file that is dropped beside what takes it would open in place of the page.
	for (const type of ["dragover", "drop"]) {
		addEventListener(type, (event) => {
			if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
		});
	}
	let begun = false;
	const begin = () => {
		if (begun) return;
		begun = true;
		const response = fetch(wasm, { credentials: "same-origin" });
		import(script).then(async (page) => {
			await page.default({ module_or_path: response });
			page.hydrate();
		});
	};
	// After the first paint, which the WASM's bytes would only delay. A tab that is hidden paints
	// nothing, and begins by the timer.
	requestAnimationFrame(() => setTimeout(begin));
	setTimeout(begin, 1000);
})
